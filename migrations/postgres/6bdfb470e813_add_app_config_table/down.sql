DROP TABLE recommendations;
DROP TABLE github_profiles;
DROP TABLE users;
DROP TABLE app_config;
