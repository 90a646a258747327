//! What a crate that forbids `unsafe` cannot show: functions that are unsafe, foreign, or both.

use gambeson::{Event, Outcome, SkipReason, Telemetry, defensive_handler};

/// # Safety
///
/// `number` points to a number.
#[defensive_handler]
unsafe fn hundred_by(number: *const u32) -> Outcome<u32> {
    Outcome::Handled(100 / unsafe { *number })
}

#[defensive_handler(fallback = |skip| skip.reason().code().len())]
extern "C" fn from_c(number: usize) -> usize {
    100 / number
}

#[defensive_handler(fallback = 0)]
unsafe extern "C" fn both(number: *const u32) -> u32 {
    100 / unsafe { *number }
}

#[defensive_handler(fallback = 0)]
#[unsafe(no_mangle)]
pub extern "C" fn exported(number: u32) -> u32 {
    100 / number
}

#[defensive_handler(fallback = 0)]
async unsafe fn later(number: *const u32) -> u32 {
    100 / unsafe { *number }
}

struct Till(u32);

impl Till {
    #[defensive_handler(fallback = 0)]
    pub unsafe fn share(&self, of: *mut u32) -> u32 {
        let of = unsafe { &mut *of };
        *of += 1;
        self.0 / (*of - 1)
    }
}

#[defensive_handler(on = "shop.order.*")]
fn audit(_: &Event<'_>) {}

fn main() {
    let callback: extern "C" fn(usize) -> usize = from_c;
    let telemetry = Telemetry::isolated();
    telemetry.enter(|| {
        assert_eq!(unsafe { hundred_by(&4) }.handled(), Some(25));
        let by_zero = unsafe { hundred_by(&0) };
        assert_eq!(by_zero.reason(), Some(SkipReason::ContractViolation));
        assert_eq!(callback(4), 25);
        assert_eq!(callback(0), "contract_violation".len());
        assert_eq!(unsafe { (both(&4), both(&0)) }, (25, 0));
        assert_eq!((exported(4), exported(0)), (25, 0));
        let (mut of, mut zero) = (4, 0);
        assert_eq!(unsafe { Till(100).share(&mut of) }, 25);
        assert_eq!(unsafe { Till(100).share(&mut zero) }, 0);
        assert_eq!((of, zero), (5, 1));
    });
    drop(unsafe { later(&0) });
    let report = telemetry.shutdown();
    for name in ["hundred_by", "from_c", "both", "exported", "share"] {
        let counts = report.handler(name).expect("it was called");
        assert_eq!((counts.matched, counts.handled), (2, 1), "{name}");
    }
    let _ = audit;
}
