//! An exception that is not Rust's, as a library in C++ throws it.

#![allow(
    unsafe_code,
    reason = "another language's exception can be had in no other way"
)]

use std::{ffi::c_int, ptr};

/// The beginning of `struct _Unwind_Exception`, which each language's exceptions have; as large and
/// as aligned as it is on any system.
#[repr(C, align(16))]
struct Exception {
    class: u64,
    cleanup: Option<unsafe extern "C" fn(c_int, *mut Exception)>,
    private: [usize; 20],
}

unsafe extern "C-unwind" {
    #[link_name = "_Unwind_RaiseException"]
    fn raise(exception: *mut Exception) -> c_int;
}

/// Throws it.
pub(crate) fn throw() {
    let exception = Box::new(Exception {
        class: u64::from_be_bytes(*b"GMBSC++\0"),
        cleanup: None,
        private: [0; 20],
    });
    // SAFETY: the exception is whole, and is never freed; the unwinder keeps to its beginning.
    let code = unsafe { raise(ptr::from_mut(Box::leak(exception))) };
    panic!("nobody catches it: {code}");
}
