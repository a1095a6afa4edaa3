//! Another attempt at what may go well later.

use std::time::Duration;

use super::Options;
use super::transient::jitter;

/// Makes an attempt, and another after each pause of `options` for as long as the error `is_transient`; `say` is told of
/// the error and of the pause before.
///
/// # Errors
/// The last attempt's.
pub fn with_retries<T, E>(
    options: &Options,
    is_transient: impl Fn(&E) -> bool,
    say: impl Fn(&E, Duration),
    mut attempt: impl FnMut() -> Result<T, E>,
) -> Result<T, E> {
    let mut pauses = options.retries.iter();
    loop {
        let error = match attempt() {
            Ok(done) => return Ok(done),
            Err(error) => error,
        };
        match pauses.next() {
            Some(pause) if is_transient(&error) => {
                let pause = jitter(*pause);
                say(&error, pause);
                std::thread::sleep(pause);
            }
            _ => return Err(error),
        }
    }
}
