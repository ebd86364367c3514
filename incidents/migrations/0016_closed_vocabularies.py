from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """For rows to come; those that are there are checked by the next, without keeping others out."""

    dependencies = [
        ('incidents', '0015_replaced_once_per_incident'),
    ]

    operations = [
        AddConstraintNotValid(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(('incident_version__gte', 1)), name='assessment_version_from_1'),
        ),
        AddConstraintNotValid(
            model_name='boundaryunit',
            constraint=models.CheckConstraint(condition=models.Q(('area_km2__gte', 0)), name='boundary_unit_area_not_below_0'),
        ),
        AddConstraintNotValid(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['killed', 'injured', 'displaced', 'missing'])), name='claim_outcome_is_known'),
        ),
        AddConstraintNotValid(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('civilian_status__in', ['any', 'civilian', 'belligerent', 'unknown'])), name='claim_civilian_status_is_known'),
        ),
        AddConstraintNotValid(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('sex__in', ['any', 'female', 'male', 'unknown'])), name='claim_sex_is_known'),
        ),
        AddConstraintNotValid(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('age_group__in', ['any', 'child', 'adult', 'unknown'])), name='claim_age_group_is_known'),
        ),
        AddConstraintNotValid(
            model_name='consentchange',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='consent_change_from_1'),
        ),
        AddConstraintNotValid(
            model_name='consentchange',
            constraint=models.CheckConstraint(condition=models.Q(('basis__in', ['informed', 'organisation', 'public_source'])), name='consent_change_basis_is_known'),
        ),
        AddConstraintNotValid(
            model_name='importrun',
            constraint=models.CheckConstraint(condition=models.Q(('format__in', ['csv', 'xlsx', 'geojson', 'jsonl'])), name='import_format_is_known'),
        ),
        AddConstraintNotValid(
            model_name='importrun',
            constraint=models.CheckConstraint(condition=models.Q(('total_rows__isnull', True), ('rows_checked__lte', models.F('total_rows')), _connector='OR'), name='import_checked_to_its_end'),
        ),
        AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('location_precision__in', ['exact', 'within_100m', 'nearby_landmark', 'street', 'neighbourhood', 'within_1km', 'within_25km', 'village', 'town', 'city', 'subdistrict', 'district', 'province', 'area', 'country', 'unknown'])), name='incident_location_precision_is_known'),
        ),
        AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('uncertainty_m__isnull', True), ('uncertainty_m__gte', 0), _connector='OR'), name='incident_uncertainty_not_below_0'),
        ),
        AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('time_precision__in', ['minute', 'hour', 'day', 'few_days', 'week', 'month', 'year'])), name='incident_time_precision_is_known'),
        ),
        AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('weapon', ''), ('weapon__in', ['barrel_bomb', 'aerial_bomb', 'air_missile', 'drone_strike', 'air_strike', 'cluster_munition_air', 'artillery', 'mortar', 'rocket', 'ground_missile', 'tank_shell', 'grenade', 'shelling', 'cluster_munition_ground', 'naval_shell', 'ied', 'car_bomb', 'suicide_bomb', 'landmine', 'multiple', 'small_arms', 'other', 'unclear']), _connector='OR'), name='incident_weapon_is_known'),
        ),
        AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('targets__contained_by', ['residential', 'market', 'medical', 'school', 'worship', 'camp', 'infrastructure', 'transport', 'aid', 'public', 'military', 'other'])), name='incident_targets_are_known'),
        ),
        AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('damage__contained_by', ['none', 'damaged', 'destroyed', 'fire', 'out_of_service', 'unknown'])), name='incident_damage_is_known'),
        ),
        AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='incident_version_from_1'),
        ),
        AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('published_version__isnull', True), models.Q(('published_version__gte', 1), ('published_version__lte', models.F('version'))), _connector='OR'), name='incident_published_version_was'),
        ),
        AddConstraintNotValid(
            model_name='matchsuggestion',
            constraint=models.CheckConstraint(condition=models.Q(('one_version__gte', 1), ('other_version__gte', 1)), name='match_versions_from_1'),
        ),
        AddConstraintNotValid(
            model_name='publication',
            constraint=models.CheckConstraint(condition=models.Q(('incident_version__gte', 1)), name='publication_version_from_1'),
        ),
        AddConstraintNotValid(
            model_name='publication',
            constraint=models.CheckConstraint(condition=models.Q(('public_resolution__isnull', True), models.Q(('public_resolution__range', (8, 10)), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='publication_finer_with_reason'),
        ),
        AddConstraintNotValid(
            model_name='rejectedrow',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='rejected_from_row_1'),
        ),
        AddConstraintNotValid(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('location_precision__in', ['exact', 'within_100m', 'nearby_landmark', 'street', 'neighbourhood', 'within_1km', 'within_25km', 'village', 'town', 'city', 'subdistrict', 'district', 'province', 'area', 'country', 'unknown'])), name='report_location_precision_is_known'),
        ),
        AddConstraintNotValid(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('uncertainty_m__isnull', True), ('uncertainty_m__gte', 0), _connector='OR'), name='report_uncertainty_not_below_0'),
        ),
        AddConstraintNotValid(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('time_precision__in', ['minute', 'hour', 'day', 'few_days', 'week', 'month', 'year'])), name='report_time_precision_is_known'),
        ),
        AddConstraintNotValid(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('weapon', ''), ('weapon__in', ['barrel_bomb', 'aerial_bomb', 'air_missile', 'drone_strike', 'air_strike', 'cluster_munition_air', 'artillery', 'mortar', 'rocket', 'ground_missile', 'tank_shell', 'grenade', 'shelling', 'cluster_munition_ground', 'naval_shell', 'ied', 'car_bomb', 'suicide_bomb', 'landmine', 'multiple', 'small_arms', 'other', 'unclear']), _connector='OR'), name='report_weapon_is_known'),
        ),
        AddConstraintNotValid(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('targets__contained_by', ['residential', 'market', 'medical', 'school', 'worship', 'camp', 'infrastructure', 'transport', 'aid', 'public', 'military', 'other'])), name='report_targets_are_known'),
        ),
        AddConstraintNotValid(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('damage__contained_by', ['none', 'damaged', 'destroyed', 'fire', 'out_of_service', 'unknown'])), name='report_damage_is_known'),
        ),
        AddConstraintNotValid(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('licence__in', ['CC0-1.0', 'CC-BY-4.0', 'CC-BY-SA-4.0', 'CC-BY-NC-4.0', 'CC-BY-3.0-IGO', 'all-rights-reserved'])), name='report_licence_is_known'),
        ),
        AddConstraintNotValid(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('consent_basis__in', ['informed', 'organisation', 'public_source'])), name='report_consent_basis_is_known'),
        ),
        AddConstraintNotValid(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('flags__contained_by', ['figures_disagree', 'figure_computed'])), name='report_flags_are_known'),
        ),
        AddConstraintNotValid(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('corrects__isnull', True), models.Q(('corrects', models.F('id')), _negated=True), _connector='OR'), name='report_corrects_another'),
        ),
        AddConstraintNotValid(
            model_name='source',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['witness', 'victim', 'hospital', 'responder', 'video', 'photo', 'satellite', 'article', 'agency', 'social_media', 'ngo', 'official', 'belligerent', 'analyst', 'dataset', 'other'])), name='source_kind_is_known'),
        ),
        AddConstraintNotValid(
            model_name='workingcopy',
            constraint=models.CheckConstraint(condition=models.Q(('no_copy', ''), ('no_copy__in', ['not_a_picture', 'unreadable', 'too_large', 'pixels']), _connector='OR'), name='working_copy_reason_is_known'),
        ),
        AddConstraintNotValid(
            model_name='workingcopy',
            constraint=models.CheckConstraint(condition=models.Q(('storage_name', ''), models.Q(('height__isnull', False), ('size__isnull', False), ('width__isnull', False), ('height__gt', 0), ('size__gt', 0), ('width__gt', 0)), _connector='OR'), name='working_copy_is_measured'),
        ),
    ]
