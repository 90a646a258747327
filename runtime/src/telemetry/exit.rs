//! The end of the process.

use super::end::Asker;
use crate::instance::{Core, scope};

/// Shuts the process's telemetry down within its deadline, and ends the process with this code.
///
/// It can be called on any thread, also while another one shuts down or exits already: then it
/// waits for that. Inside a handler's call it waits for all other handlers, and neither for that one
/// nor for async ones; but a shutdown that another thread has begun before waits for its call, too,
/// until its deadline. In strict mode a code of 0 becomes 101 where a queued handler has panicked and
/// nobody has gone on with it. As with [`std::process::exit`], no destructor of any thread runs.
///
/// ```no_run
/// # fn serve() -> Result<(), std::io::Error> { Ok(()) }
/// let _telemetry = gambeson::Telemetry::builder().start()?;
/// if let Err(error) = serve() {
///     eprintln!("{error}");
///     gambeson::exit_with_flush(1);
/// }
/// # Ok::<(), gambeson::StartError>(())
/// ```
#[expect(clippy::exit, reason = "it is what the caller asks for")]
pub fn exit_with_flush(code: i32) -> ! {
    let process = scope::process();
    if let Some(core) = &process {
        core.shut_down(core.conduct.config.shutdown.deadline, Asker::Leaves);
    }
    std::process::exit(process.map_or(code, |core| core.exit_code(code)))
}

/// How a process ends whose main thread panics.
const PANICKED: i32 = 101;

impl Core {
    /// The code for the end of the process: no success while a panic of a queued handler waits for
    /// somebody to go on with it.
    pub(crate) fn exit_code(&self, code: i32) -> i32 {
        if code == 0 && self.conduct.unraised.is_kept() {
            PANICKED
        } else {
            code
        }
    }
}
