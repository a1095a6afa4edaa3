ALTER TABLE users DROP COLUMN language;
ALTER TABLE users DROP COLUMN default_tone;
ALTER TABLE users DROP COLUMN email_notifications_enabled;
ALTER TABLE users DROP COLUMN bio;
