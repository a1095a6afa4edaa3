//! Argon2id, with the parameters that the crate recommends.

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use rand::TryRng;
use rand::rngs::SysRng;

/// A password that can't be hashed.
#[derive(Debug, thiserror::Error)]
#[error("a password can't be hashed: {0}")]
pub struct PasswordError(String);

/// Hashes and verifies passwords.
#[derive(Debug)]
pub struct Passwords {
    /// The hash of a password that nobody has.
    nobody: String,
}

impl Passwords {
    /// Makes the hash that unknown users are verified against.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub fn new() -> Result<Self, PasswordError> {
        let mut random = [0; 32];
        fill(&mut random)?;
        Ok(Self { nobody: hash(&random)? })
    }

    /// A new hash of `password`, with a salt of its own.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub fn hash(&self, password: &str) -> Result<String, PasswordError> {
        hash(password.as_bytes())
    }

    /// Whether `password` is the one of `hash`. Without a hash it is not, and takes as long: a stranger can't
    /// find out by the clock who is registered.
    #[must_use]
    pub fn verify(&self, password: &str, hash: Option<&str>) -> bool {
        PasswordHash::new(hash.unwrap_or(&self.nobody))
            .is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
            && hash.is_some()
    }
}

fn hash(password: &[u8]) -> Result<String, PasswordError> {
    let mut salt = [0; 16];
    fill(&mut salt)?;
    let salt = SaltString::encode_b64(&salt).map_err(|error| PasswordError(error.to_string()))?;
    Argon2::default()
        .hash_password(password, &salt)
        .map(|hash| hash.to_string())
        .map_err(|error| PasswordError(error.to_string()))
}

fn fill(bytes: &mut [u8]) -> Result<(), PasswordError> {
    SysRng.try_fill_bytes(bytes).map_err(|error| PasswordError(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_password_passes() {
        let passwords = Passwords::new().unwrap();
        let hash = passwords.hash("correct horse").unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert_ne!(hash, passwords.hash("correct horse").unwrap());
        assert!(passwords.verify("correct horse", Some(&hash)));
        assert!(!passwords.verify("battery staple", Some(&hash)));
        assert!(!passwords.verify("correct horse", Some("no hash")));
        assert!(!passwords.verify("correct horse", None));
    }
}
