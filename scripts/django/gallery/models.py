from cloudinary.models import CloudinaryField
from django.db import models


class Photo(models.Model):
    title = models.CharField(max_length=100)
    image = CloudinaryField("image", null=True)
    sheet = CloudinaryField("sheet", resource_type="raw", null=True)
    secret = CloudinaryField("secret", type="private", null=True)
