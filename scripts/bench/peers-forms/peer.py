"""A Django app with one form, whose file goes on to the service; for gunicorn."""

import os

import cloudinary
import django
from cloudinary.forms import CloudinaryFileField
from django import forms
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, HttpResponseBadRequest
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

settings.configure(
    ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="only for this bench", USE_TZ=True, MIDDLEWARE=[]
)
django.setup()
assert cloudinary.config().upload_prefix, os.environ.get("CLOUDINARY_URL")


class PhotoForm(forms.Form):
    image = CloudinaryFileField(options={"resource_type": "raw"})


@csrf_exempt
def create(request):
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return HttpResponseBadRequest(form.errors.as_text())
    return HttpResponse(form.cleaned_data["image"].public_id)


urlpatterns = [path("", create)]
application = get_wsgi_application()
