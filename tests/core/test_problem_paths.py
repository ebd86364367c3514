"""A refusal names the field, and the row of a list, the same way wherever it comes from."""

from rest_framework import serializers

from core.problems import exception_handler


class Row(serializers.Serializer):
    number = serializers.IntegerField()


class Body(serializers.Serializer):
    rows = Row(many=True)
    words = serializers.ListField(child=serializers.IntegerField())


def test_rows_of_a_list_are_named_by_number_in_brackets():
    body = Body(data={"rows": [{"number": 1}, {"number": "x"}], "words": [1, "x"]})
    try:
        body.is_valid(raise_exception=True)
    except serializers.ValidationError as exc:
        problem = exception_handler(exc, {}).data
    assert [error["field"] for error in problem["errors"]] == ["rows[1].number", "words[1]"]
