-- One database and its login role, as often as wanted: what is there stays, the password is the one given now.
-- The same rights as in a local system (tools/stack/databases.ts): the role owns its database and can enter no other.
\getenv role ROLE
\getenv database DATABASE
\getenv password ROLE_PASSWORD

select format('create role %I login', :'role')
where not exists (select from pg_roles where rolname = :'role') \gexec

select format('alter role %I password %L', :'role', :'password') \gexec

select format('create database %I owner %I', :'database', :'role')
where not exists (select from pg_database where datname = :'database') \gexec

select format('revoke connect on database %I from public', name)
from unnest(array[:'database', 'postgres', 'template1']) as name \gexec
