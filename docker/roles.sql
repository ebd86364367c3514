-- The database roles of Harmwatch. May be run again at any time; run it as a superuser, or as a role with CREATEROLE.
-- Passwords are set elsewhere. None of these is a superuser: a superuser passes row security by.
--
--   harmwatch_owner     owns the tables and runs the migrations; CREATEDB for test databases
--   harmwatch_app       what web and workers connect as; owns nothing
--   harmwatch_sealer    numbers the rows of the append-only lists, once
--   harmwatch_redactor  blanks sealed content, which nothing else may
--
-- The owner is a member of the redactor only so that a migration can give it the function that blanks.
-- NOINHERIT: the application has a special role's rights only where it says SET LOCAL ROLE.
DO $$
DECLARE
  wanted record;
BEGIN
  FOR wanted IN
    SELECT * FROM (VALUES
      ('harmwatch_owner', 'LOGIN CREATEDB'),
      ('harmwatch_app', 'LOGIN NOINHERIT'),
      ('harmwatch_sealer', 'NOLOGIN'),
      ('harmwatch_redactor', 'NOLOGIN')
    ) AS list (name, attributes)
  LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I %s', wanted.name, wanted.attributes);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL; -- somebody else made it in this moment
      END;
    END IF;
  END LOOP;
  IF NOT EXISTS (
    SELECT FROM pg_auth_members
    WHERE roleid = 'harmwatch_sealer'::regrole AND member = 'harmwatch_app'::regrole
  ) THEN
    GRANT harmwatch_sealer TO harmwatch_app;
  END IF;
  IF NOT EXISTS (
    SELECT FROM pg_auth_members
    WHERE roleid = 'harmwatch_redactor'::regrole AND member = 'harmwatch_owner'::regrole
  ) THEN
    GRANT harmwatch_redactor TO harmwatch_owner;
  END IF;
END
$$;
