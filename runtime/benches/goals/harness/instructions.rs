//! Exact counts: the program runs under callgrind with some calls and with twice as many, and
//! the difference is what the calls alone executed.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::Path,
    process::{self, Command, Stdio},
};

/// So many that a first call, which may be dearer, vanishes in the mean.
const CALLS: u64 = 20_000;

/// What is counted: a start leaves too much to chance, such as hash seeds.
const COUNTED: &str = "*::group::Case::run";

/// What one call of a case executes.
#[derive(Debug)]
pub(crate) struct Count {
    /// Instructions a call.
    pub(crate) instructions: f64,
    /// The locked instructions and full fences that every call executes; `None` without objdump.
    pub(crate) locked: Option<Vec<String>>,
}

/// How often each address of this program was executed, and the sum over all programs.
struct Profile {
    total: u64,
    executed: BTreeMap<u64, u64>,
}

/// Counts one call of a case.
///
/// # Errors
///
/// Says in one sentence why it could not be counted, such as that there is no valgrind.
pub(crate) fn count(case: &str) -> Result<Count, String> {
    let program =
        env::current_exe().map_err(|error| format!("no path of this program: {error}"))?;
    let once = profile(&program, case, CALLS)?;
    let twice = profile(&program, case, 2 * CALLS)?;
    let difference = twice.total.saturating_sub(once.total);
    let every_call = twice.executed.iter().filter(|(address, count)| {
        let before = once.executed.get(address).copied().unwrap_or(0);
        count.saturating_sub(before) >= CALLS
    });
    Ok(Count {
        instructions: difference as f64 / CALLS as f64,
        locked: locked_among(&program, &every_call.map(|(address, _)| *address).collect()),
    })
}

fn profile(program: &Path, case: &str, calls: u64) -> Result<Profile, String> {
    let file = env::temp_dir().join(format!("gambeson-goals-{}-{calls}", process::id()));
    let status = Command::new("valgrind")
        .args(["--tool=callgrind", "--dump-instr=yes"])
        .args(["--compress-pos=no", "--compress-strings=no"])
        .arg(format!("--toggle-collect={COUNTED}"))
        .arg(format!("--callgrind-out-file={}", file.display()))
        .arg(program)
        .args(["--calls", case, &calls.to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .map_err(|error| format!("instructions are not counted without valgrind ({error})"))?;
    let text = fs::read_to_string(&file);
    let _ = fs::remove_file(&file);
    let profile = text.ok().map(|text| read(&text, program));
    profile
        .filter(|profile| status.success() && profile.total > 0)
        .ok_or_else(|| format!("callgrind could not count the case {case}: {status}"))
}

/// Reads callgrind's format: an object, then lines of address, line and cost. The line after
/// `calls=` is the cost of the callee.
fn read(text: &str, program: &Path) -> Profile {
    let program = program.to_string_lossy();
    let (mut total, mut executed) = (0, BTreeMap::new());
    let (mut is_ours, mut is_callee) = (false, false);
    for line in text.lines() {
        if let Some(object) = line.strip_prefix("ob=") {
            is_ours = object == program;
        } else if let Some(sum) = line.strip_prefix("totals: ") {
            total = sum.trim().parse().unwrap_or(0);
        } else if line.starts_with("calls=") {
            is_callee = true;
        } else if let Some(address) = line.strip_prefix("0x") {
            let mut parts = address.split(' ');
            let address = parts
                .next()
                .and_then(|text| u64::from_str_radix(text, 16).ok());
            let cost = parts.nth(1).and_then(|text| text.parse::<u64>().ok());
            if is_ours
                && !is_callee
                && let Some((address, cost)) = address.zip(cost)
            {
                *executed.entry(address).or_default() += cost;
            }
            is_callee = false;
        }
    }
    Profile { total, executed }
}

fn locked_among(program: &Path, executed: &BTreeSet<u64>) -> Option<Vec<String>> {
    let output = Command::new("objdump")
        .args(["-d", "--no-show-raw-insn"])
        .arg(program)
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let text = String::from_utf8_lossy(&output.stdout);
    let (mut locked, mut seen) = (Vec::new(), 0);
    for (address, instruction) in text.lines().filter_map(instruction) {
        if executed.contains(&address) {
            seen += 1;
            if is_locked(instruction) {
                locked.push(instruction.to_owned());
            }
        }
    }
    // Addresses that do not fit the disassembly say nothing.
    (seen > 0 && seen == executed.len()).then_some(locked)
}

fn instruction(line: &str) -> Option<(u64, &str)> {
    let (address, instruction) = line.trim_start().split_once(":\t")?;
    let address = u64::from_str_radix(address, 16).ok()?;
    Some((address, instruction))
}

fn is_locked(instruction: &str) -> bool {
    let exchanges_memory = instruction.starts_with("xchg") && instruction.contains('(');
    instruction.starts_with("lock ") || instruction.starts_with("mfence") || exchanges_memory
}
