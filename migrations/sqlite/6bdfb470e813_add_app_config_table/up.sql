CREATE TABLE app_config (
    key VARCHAR NOT NULL,
    value TEXT NOT NULL,
    description TEXT,
    updated_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT app_config_pkey PRIMARY KEY (key)
);

CREATE TABLE users (
    id INTEGER NOT NULL,
    email VARCHAR NOT NULL,
    username VARCHAR NOT NULL,
    hashed_password VARCHAR NOT NULL,
    full_name VARCHAR,
    github_username VARCHAR,
    is_active BOOLEAN NOT NULL DEFAULT true,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_email_key UNIQUE (email),
    CONSTRAINT users_username_key UNIQUE (username)
);

CREATE INDEX users_github_username_idx ON users (github_username);

CREATE TABLE github_profiles (
    id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    github_username VARCHAR NOT NULL,
    profile_data TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT github_profiles_pkey PRIMARY KEY (id),
    CONSTRAINT github_profiles_user_id_github_username_key UNIQUE (user_id, github_username),
    CONSTRAINT github_profiles_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX github_profiles_github_username_idx ON github_profiles (github_username);

CREATE TABLE recommendations (
    id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    github_profile_id INTEGER NOT NULL,
    title VARCHAR NOT NULL,
    content TEXT NOT NULL,
    tone VARCHAR NOT NULL DEFAULT 'professional',
    status VARCHAR NOT NULL DEFAULT 'draft',
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT recommendations_pkey PRIMARY KEY (id),
    CONSTRAINT recommendations_github_profile_id_fkey FOREIGN KEY (github_profile_id)
        REFERENCES github_profiles (id) ON DELETE CASCADE,
    CONSTRAINT recommendations_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX recommendations_github_profile_id_idx ON recommendations (github_profile_id);
CREATE INDEX recommendations_user_id_created_at_idx ON recommendations (user_id, created_at);
