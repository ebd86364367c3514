"""Routes: what everybody may see."""

from django.urls import path

from monitor.public import views

urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("published/", views.Published.as_view(), name="published"),
    path("methodology/", views.Methodology.as_view(), name="methodology"),
    path("cite/", views.Cite.as_view(), name="cite"),
    path("guide/", views.Guide.as_view(), name="guide"),
]
