use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

/// How many connections each address has open.
#[derive(Debug, Clone)]
pub(super) struct Peers {
    most: usize,
    open: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// One connection of an address, until it is dropped.
#[derive(Debug)]
pub(super) struct Peer {
    address: IpAddr,
    peers: Peers,
}

impl Peers {
    pub(super) fn new(most: usize) -> Self {
        Self { most, open: Arc::default() }
    }

    /// `None` when the address has as many as it may have. Behind a proxy on this machine all clients have its address,
    /// so that one may have any number.
    pub(super) fn admit(&self, address: IpAddr) -> Option<Peer> {
        let address = address.to_canonical();
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(address).or_default();
        if *count >= self.most && !address.is_loopback() {
            return None;
        }
        *count += 1;
        Some(Peer { address, peers: self.clone() })
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let mut open = self.peers.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Peers;

    #[test]
    fn one_address_cannot_have_them_all() {
        let peers = Peers::new(2);
        let [one, same, other, own] =
            ["192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2", "127.0.0.1"].map(|text| text.parse().unwrap());
        let (first, _second) = (peers.admit(one).unwrap(), peers.admit(same).unwrap());
        assert!(peers.admit(one).is_none() && peers.admit(other).is_some());
        drop(first);
        assert!(peers.admit(one).is_some());
        assert!([own; 5].map(|address| peers.admit(address)).iter().all(Option::is_some));
        assert_eq!(peers.open.lock().unwrap().len(), 1, "who is gone is forgotten");
    }
}
