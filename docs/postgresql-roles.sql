-- Rights of Countersign's roles within its database: see docs/postgresql.md. Run once as the owner of the database (the
-- role that migrates), after `countersign migrate`; running it again changes nothing. The roles exist already:
--
--   create role countersign_owner login;        -- owns the tables and migrates
--   create role countersign_serving login;      -- what the nodes connect as
--   create role countersign_maintenance login;  -- purges the audit log, and nothing else
--   create database countersign owner countersign_owner;

revoke all on schema public from public;
grant usage on schema public to countersign_serving, countersign_maintenance;

-- The serving role reads and writes rows, and changes no table. Tables of later versions are included.
grant select, insert, update, delete on all tables in schema public to countersign_serving;
alter default privileges in schema public grant select, insert, update, delete on tables to countersign_serving;

-- To the audit log and to its index by subject it only adds.
revoke update, delete, truncate on audit_events, subject_events from countersign_serving;

-- It sees that the schema is up to date, and cannot pretend it.
grant usage on schema drizzle to countersign_serving;
grant select on drizzle.__drizzle_migrations to countersign_serving;

-- The maintenance role removes old audit events with their index entries, and can change none.
grant select, delete on audit_events, subject_events to countersign_maintenance;
