from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """Checks the rows that are there, under a lock that lets others read and write."""

    dependencies = [
        ('incidents', '0016_closed_vocabularies'),
    ]

    operations = [
        ValidateConstraint(model_name='assessment', name='assessment_version_from_1'),
        ValidateConstraint(model_name='boundaryunit', name='boundary_unit_area_not_below_0'),
        ValidateConstraint(model_name='claim', name='claim_outcome_is_known'),
        ValidateConstraint(model_name='claim', name='claim_civilian_status_is_known'),
        ValidateConstraint(model_name='claim', name='claim_sex_is_known'),
        ValidateConstraint(model_name='claim', name='claim_age_group_is_known'),
        ValidateConstraint(model_name='consentchange', name='consent_change_from_1'),
        ValidateConstraint(model_name='consentchange', name='consent_change_basis_is_known'),
        ValidateConstraint(model_name='importrun', name='import_format_is_known'),
        ValidateConstraint(model_name='importrun', name='import_checked_to_its_end'),
        ValidateConstraint(model_name='incident', name='incident_location_precision_is_known'),
        ValidateConstraint(model_name='incident', name='incident_uncertainty_not_below_0'),
        ValidateConstraint(model_name='incident', name='incident_time_precision_is_known'),
        ValidateConstraint(model_name='incident', name='incident_weapon_is_known'),
        ValidateConstraint(model_name='incident', name='incident_targets_are_known'),
        ValidateConstraint(model_name='incident', name='incident_damage_is_known'),
        ValidateConstraint(model_name='incident', name='incident_version_from_1'),
        ValidateConstraint(model_name='incident', name='incident_published_version_was'),
        ValidateConstraint(model_name='matchsuggestion', name='match_versions_from_1'),
        ValidateConstraint(model_name='publication', name='publication_version_from_1'),
        ValidateConstraint(model_name='publication', name='publication_finer_with_reason'),
        ValidateConstraint(model_name='rejectedrow', name='rejected_from_row_1'),
        ValidateConstraint(model_name='report', name='report_location_precision_is_known'),
        ValidateConstraint(model_name='report', name='report_uncertainty_not_below_0'),
        ValidateConstraint(model_name='report', name='report_time_precision_is_known'),
        ValidateConstraint(model_name='report', name='report_weapon_is_known'),
        ValidateConstraint(model_name='report', name='report_targets_are_known'),
        ValidateConstraint(model_name='report', name='report_damage_is_known'),
        ValidateConstraint(model_name='report', name='report_licence_is_known'),
        ValidateConstraint(model_name='report', name='report_consent_basis_is_known'),
        ValidateConstraint(model_name='report', name='report_flags_are_known'),
        ValidateConstraint(model_name='report', name='report_corrects_another'),
        ValidateConstraint(model_name='source', name='source_kind_is_known'),
        ValidateConstraint(model_name='workingcopy', name='working_copy_reason_is_known'),
        ValidateConstraint(model_name='workingcopy', name='working_copy_is_measured'),
    ]
