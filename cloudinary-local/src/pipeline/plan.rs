//! A checked transformation: what is done, in which order, to which layers, and how it is written.

use cloudinary_core::Transformation;
use cloudinary_core::transformation::Step;
use cloudinary_pixels::Format;

use super::component::Component;
use super::error::PipelineError;
use super::output::{FormatChoice, Output};
use super::{LayerRef, layer};

/// How deep named transformations may lie in one another.
const MAX_NAMED_DEPTH: usize = 8;
/// The most steps, those of named transformations counted in.
const MAX_STEPS: usize = 100;
/// The most overlays and underlays.
const MAX_LAYERS: usize = 20;

/// How deep layers may lie in one another: each holds its picture while those inside it are made.
const MAX_LAYER_DEPTH: usize = 3;

/// A transformation of which every parameter is known, in range and carried out here.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Plan {
    pub(crate) nodes: Vec<Node>,
    pub(crate) output: Output,
    /// `a_ignore`: the note of the camera does not count.
    pub(crate) ignores_orientation: bool,
    /// `pg_2`: the one frame that is wanted, counted from 1.
    pub(crate) page: Option<u32>,
    /// Every step as it is written, those of named transformations in their places: what names the result.
    pub(crate) expanded: String,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    Component(Box<Component>),
    Layer(Box<Layer>),
}

/// An image that is put over the picture, or under it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Layer {
    pub(crate) reference: LayerRef,
    pub(crate) under: bool,
    /// `a_ignore` inside the layer.
    pub(crate) ignores_orientation: bool,
    /// What is done to the layer itself, first.
    pub(crate) inside: Vec<Node>,
    /// Where it goes: gravity, `x`, `y` and flags.
    pub(crate) place: Component,
}

/// One step, read but not yet put in its place among layers.
struct Part {
    component: Component,
    layer: Option<(LayerRef, bool)>,
    output: Output,
    page: Option<u32>,
    text: String,
}

impl Plan {
    /// Checks every parameter; named transformations are looked up and put in place of their names.
    pub(crate) fn parse(
        transformation: &Transformation,
        named: &dyn Fn(&str) -> Option<Transformation>,
    ) -> Result<Self, PipelineError> {
        let mut plan = Self::default();
        let mut parts = Vec::new();
        read(transformation, named, 0, &mut parts)?;
        plan.expanded = parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join("/");
        plan.assemble(parts)?;
        Ok(plan)
    }

    /// The images that must be loaded before rendering, each once.
    pub(crate) fn layers(&self) -> Vec<LayerRef> {
        let mut found = Vec::new();
        collect_layers(&self.nodes, &mut found);
        found
    }

    /// The format that is named in a step.
    pub(crate) fn named_format(&self) -> Option<Format> {
        match self.output.format {
            FormatChoice::Named(format) => Some(format),
            FormatChoice::Auto | FormatChoice::Unnamed => None,
        }
    }

    /// Writes another format than the steps say.
    pub(crate) fn write_as(&mut self, format: Format) {
        self.output = Output { format: FormatChoice::Named(format), ..Output::default() };
    }

    /// `f_auto`: the caller may choose a format the client accepts and pass it to [`render`](super::render).
    pub(crate) fn wants_auto_format(&self) -> bool {
        self.output.format == FormatChoice::Auto
    }
}

/// All steps, those of named transformations in place of their names.
fn read(
    transformation: &Transformation,
    named: &dyn Fn(&str) -> Option<Transformation>,
    depth: usize,
    parts: &mut Vec<Part>,
) -> Result<(), PipelineError> {
    for step in transformation.steps() {
        if let Some(name) = step.get("t") {
            let known = if depth < MAX_NAMED_DEPTH { named(name) } else { None };
            let inner = known.ok_or_else(|| PipelineError::Invalid(format!("Unknown transformation {name}")))?;
            read(&inner, named, depth + 1, parts)?;
        }
        parts.push(Part::read(step)?);
        if parts.len() > MAX_STEPS {
            return Err(PipelineError::Invalid(format!("Too many components in transformation, limit {MAX_STEPS}")));
        }
    }
    Ok(())
}

fn collect_layers(nodes: &[Node], found: &mut Vec<LayerRef>) {
    for node in nodes {
        if let Node::Layer(layer) = node {
            if !found.contains(&layer.reference) {
                found.push(layer.reference.clone());
            }
            collect_layers(&layer.inside, found);
        }
    }
}

impl Part {
    fn read(step: Step<'_>) -> Result<Self, PipelineError> {
        let layer = match (step.get("l"), step.get("u")) {
            (Some(_), Some(_)) => return Err(PipelineError::component(step.as_str())),
            (Some(over), None) => Some((layer::parse(over)?, false)),
            (None, Some(under)) => Some((layer::parse(under)?, true)),
            (None, None) => None,
        };
        let component = Component::parse(step)?;
        let output = Output::read(step, component.flags)?;
        let page = step.get("pg").map(parse_page).transpose()?;
        Ok(Self { component, layer, output, page, text: step.as_str().to_owned() })
    }

    /// Format, quality and their flags are the whole image's: a layer has none of its own.
    fn check_inside_layer(&self) -> Result<(), PipelineError> {
        if self.page.is_some() {
            return Err(PipelineError::Unsupported(format!("A page of a layer ({})", self.text)));
        }
        if self.output == Output::default() {
            return Ok(());
        }
        Err(PipelineError::Unsupported(format!(
            "A format, quality or flag of the output inside a layer ({})",
            self.text
        )))
    }

    fn applies_layer(&self) -> bool {
        self.component.flags.layer_apply
    }
}

/// A layer whose `fl_layer_apply` is still to come, and what stood before it.
struct Open {
    reference: LayerRef,
    under: bool,
    ignores_orientation: bool,
    before: Vec<Node>,
}

impl Plan {
    /// Puts what is done to layers inside them. A layer goes on up to its `fl_layer_apply`; without one it is a step
    /// of its own.
    fn assemble(&mut self, parts: Vec<Part>) -> Result<(), PipelineError> {
        if parts.iter().filter(|part| part.layer.is_some()).count() > MAX_LAYERS {
            return Err(PipelineError::Invalid(format!("Too many layers in transformation, limit {MAX_LAYERS}")));
        }
        let stays_open = find_open(&parts);
        let mut nodes = Vec::new();
        let mut opened: Vec<Open> = Vec::new();
        for (part, stays_open) in parts.into_iter().zip(stays_open) {
            let applies = part.applies_layer();
            let ignores = part.component.angle.is_some_and(|angle| angle.ignore);
            let closes = part.layer.is_none() && applies;
            if part.layer.is_some() || (!opened.is_empty() && !closes) {
                part.check_inside_layer()?;
            } else {
                part.output.over(&mut self.output);
                self.page = part.page.or(self.page);
            }
            match part.layer {
                Some((reference, under)) if stays_open => {
                    if opened.len() >= MAX_LAYER_DEPTH {
                        return Err(PipelineError::Invalid(format!(
                            "Too many layers inside one another in transformation, limit {MAX_LAYER_DEPTH}"
                        )));
                    }
                    let before = std::mem::take(&mut nodes);
                    opened.push(Open { reference, under, ignores_orientation: ignores, before });
                    push(&mut nodes, part.component);
                }
                Some((reference, under)) => {
                    let place = part.component.clone();
                    let mut inside = Vec::new();
                    push(&mut inside, Component { gravity: None, x: None, y: None, ..part.component });
                    let layer = Layer { reference, under, ignores_orientation: ignores, inside, place };
                    nodes.push(Node::Layer(Box::new(layer)));
                }
                None if applies => {
                    let Some(open) = opened.pop() else { return Err(PipelineError::component(&part.text)) };
                    if part.component.resizes() || part.component.paints() {
                        return Err(PipelineError::Unsupported(format!(
                            "Anything but placement (g, x, y, fl) when a layer is applied ({})",
                            part.text
                        )));
                    }
                    let Open { reference, under, ignores_orientation, before } = open;
                    let inside = std::mem::replace(&mut nodes, before);
                    let layer = Layer { reference, under, ignores_orientation, inside, place: part.component };
                    nodes.push(Node::Layer(Box::new(layer)));
                }
                None => {
                    match opened.last_mut() {
                        Some(open) => open.ignores_orientation |= ignores,
                        None => self.ignores_orientation |= ignores,
                    }
                    push(&mut nodes, part.component);
                }
            }
        }
        self.nodes = nodes;
        Ok(())
    }
}

/// Which layers stay open for the steps behind them: from the end, each application closes the nearest layer before it.
fn find_open(parts: &[Part]) -> Vec<bool> {
    let mut pending = 0_usize;
    let mut stays_open = vec![false; parts.len()];
    for (part, open) in parts.iter().zip(&mut stays_open).rev() {
        match &part.layer {
            None if part.applies_layer() => pending += 1,
            Some(_) if pending > 0 && !part.applies_layer() => {
                pending -= 1;
                *open = true;
            }
            _ => {}
        }
    }
    stays_open
}

/// The number of a page; names, ranges and all of them at once are not delivered.
fn parse_page(text: &str) -> Result<u32, PipelineError> {
    if text == "all" || text.contains(['-', ';', ':']) {
        return Err(PipelineError::Unsupported(format!("The parameter pg_{text}")));
    }
    text.parse().ok().filter(|page| *page > 0).ok_or_else(|| PipelineError::invalid("page", text))
}

fn push(nodes: &mut Vec<Node>, component: Component) {
    if component.resizes() || component.paints() {
        nodes.push(Node::Component(Box::new(component)));
    }
}

#[cfg(test)]
mod tests {
    use super::super::output::FormatChoice;
    use super::*;

    fn named(name: &str) -> Option<Transformation> {
        let text = match name {
            "small" => "c_fill,w_50,h_50",
            "pretty" => "t_small/e_sepia",
            "endless" => "t_endless",
            "many" => "t_ten/t_ten/t_ten/t_ten/t_ten/t_ten/t_ten/t_ten/t_ten/t_ten/t_ten",
            "ten" => "a_1/a_1/a_1/a_1/a_1/a_1/a_1/a_1/a_1/a_1",
            _ => return None,
        };
        text.parse().ok()
    }

    fn plan(text: &str) -> Result<Plan, String> {
        Plan::parse(&text.parse().unwrap(), &named).map_err(|error| error.to_string())
    }

    /// Its shape: `r` for a resizing, `p` for a painting step, layers by their names.
    fn shape(nodes: &[Node]) -> String {
        let letter = |node: &Node| match node {
            Node::Component(component) if component.resizes() => "r".to_owned(),
            Node::Component(_) => "p".to_owned(),
            Node::Layer(layer) => {
                let under = if layer.under { "_" } else { "" };
                format!("{under}{}({})", layer.reference.public_id, shape(&layer.inside))
            }
        };
        nodes.iter().map(letter).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn steps_and_layers_find_their_places() {
        for (text, expected) in [
            ("", ""),
            ("q_80/f_png", ""),
            ("w_100/e_sepia", "r p"),
            ("t_pretty/a_10", "r p p"),
            ("l_logo,w_50,g_south", "logo(r)"),
            ("l_logo,g_south/w_20", "logo() r"),
            ("w_200/l_logo/w_50/e_sepia/fl_layer_apply,g_south/a_10", "r logo(r p) p"),
            ("l_a,w_5/l_b/w_6/fl_layer_apply/w_7", "a(r) b(r) r"),
            ("l_a/l_b/w_6/fl_layer_apply/w_7/fl_layer_apply", "a(b(r) r)"),
            ("u_paper,w_300/w_50", "_paper(r) r"),
            ("l_logo,fl_layer_apply,w_50/w_20", "logo(r) r"),
        ] {
            assert_eq!(shape(&plan(text).unwrap().nodes), expected, "{text}");
        }
    }

    #[test]
    fn layers_are_named_once() {
        let plan = plan("l_a:b/l_c/w_6/fl_layer_apply/fl_layer_apply/u_private:c/l_a:b,w_5").unwrap();
        let names: Vec<_> =
            plan.layers().iter().map(|key| format!("{}/{}", key.delivery_type.as_str(), key.public_id)).collect();
        assert_eq!(names, ["upload/a/b", "upload/c", "private/c"]);
    }

    #[test]
    fn what_is_refused_and_how() {
        for (text, message) in [
            ("t_missing", "Unknown transformation missing"),
            ("t_endless", "Unknown transformation endless"),
            ("t_many", "Too many components in transformation, limit 100"),
            ("fl_layer_apply,g_south", "Invalid transformation component - fl_layer_apply,g_south"),
            ("l_a,u_b", "Invalid transformation component - l_a,u_b"),
            ("pg_0", "Invalid page in transformation: 0"),
            ("pg_x", "Invalid page in transformation: x"),
            ("pg_all", "The parameter pg_all is not supported by the local media server"),
            ("pg_1-3", "The parameter pg_1-3 is not supported by the local media server"),
            ("l_a,pg_2", "A page of a layer (l_a,pg_2) is not supported by the local media server"),
            ("w_100/holiday", "Invalid transformation component - holiday"),
            ("l_text:Arial_20:Hi", "A text layer (text:Arial_20:Hi) is not supported by the local media server"),
            ("l_a/fl_layer_apply,e_multiply", "The effect multiply is not supported by the local media server"),
            (
                "l_a/fl_layer_apply,e_sepia",
                "Anything but placement (g, x, y, fl) when a layer is applied (fl_layer_apply,e_sepia) is not supported \
                 by the local media server",
            ),
        ] {
            assert_eq!(plan(text), Err(message.to_owned()), "{text}");
        }
        for text in ["l_a,q_50", "l_a/f_png/fl_layer_apply", "l_a/w_5,fl_progressive/fl_layer_apply"] {
            assert!(plan(text).unwrap_err().starts_with("A format, quality or flag of the output inside a layer ("));
        }
        let deep = format!("{}/{}", ["l_a"; 4].join("/"), ["fl_layer_apply"; 4].join("/"));
        assert_eq!(plan(&deep), Err("Too many layers inside one another in transformation, limit 3".to_owned()));
        let layers = ["l_a,w_1"; MAX_LAYERS + 1].join("/");
        assert_eq!(plan(&layers), Err("Too many layers in transformation, limit 20".to_owned()));
    }

    #[test]
    fn the_note_of_the_camera_counts_for_each_image() {
        for (text, base, layer) in [
            ("a_ignore/l_a", true, false),
            ("l_a,a_ignore", false, true),
            ("l_a/a_ignore/fl_layer_apply", false, true),
            ("l_a/w_5/fl_layer_apply/a_ignore", true, false),
        ] {
            let plan = plan(text).unwrap();
            let inner = plan.nodes.iter().any(|node| matches!(node, Node::Layer(layer) if layer.ignores_orientation));
            assert_eq!((plan.ignores_orientation, inner), (base, layer), "{text}");
        }
    }

    #[test]
    fn a_plan_is_named_by_what_it_does() {
        assert_eq!(plan("w_100/e_sepia").unwrap().expanded, "w_100/e_sepia");
        assert_eq!(plan("t_small").unwrap().expanded, "c_fill,w_50,h_50/t_small");
    }

    #[test]
    fn output_is_gathered_from_all_steps() {
        let plan = plan("q_50,w_100/f_auto,q_70,fl_progressive:steep/a_ignore").unwrap();
        assert!(plan.output.format == FormatChoice::Auto && plan.output.progressive && plan.ignores_orientation);
        assert_eq!(plan.output.quality, Some(70));
    }
}
