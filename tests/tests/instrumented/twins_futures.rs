//! Futures beside those of a twin without the attribute: their auto traits, their sizes, how deep
//! they nest.

use std::{
    cell::{Cell, RefCell},
    future::{Future, Ready, ready},
    marker::{PhantomData, PhantomPinned},
    panic::{RefUnwindSafe, UnwindSafe},
    pin::Pin,
    rc::Rc,
};

use gambeson::instrumented;

use super::{pause, run};

struct Asked<T>(PhantomData<T>);

fn asked<T>(_: &T) -> Asked<T> {
    Asked(PhantomData)
}

/// Says of a value which auto traits it has: method resolution takes the first trait that applies.
macro_rules! auto_traits {
    ($($method:ident: $bound:path),* $(,)?) => {
        $(mod $method {
            use super::*;

            pub(super) trait Yes {
                fn $method(&self) -> bool {
                    true
                }
            }
            impl<T: $bound> Yes for Asked<T> {}

            pub(super) trait No {
                fn $method(&self) -> bool {
                    false
                }
            }
            impl<T> No for &Asked<T> {}
        })*

        macro_rules! traits_of {
            ($value:expr) => {{
                let value = $value;
                let asked = asked(&value);
                [$({
                    #[allow(unused_imports, reason = "one of the two applies")]
                    use $method::{No as _, Yes as _};
                    (&asked).$method()
                }),*]
            }};
        }
    };
}

auto_traits! {
    is_send: Send,
    is_sync: Sync,
    is_unpin: Unpin,
    is_unwind_safe: UnwindSafe,
    is_ref_unwind_safe: RefUnwindSafe,
}

/// Writes functions twice, and compares the auto traits of what they return.
macro_rules! same_traits {
    ($($name:ident($($argument:ident: $ty:ty = $value:expr),*) [$($signature:tt)*] $body:block)*) => {
        $(#[test]
        fn $name() {
            fn bare($($argument: $ty),*) $($signature)* $body
            #[instrumented(skip_all)]
            fn ours($($argument: $ty),*) $($signature)* $body
            assert_eq!(traits_of!(ours($($value),*)), traits_of!(bare($($value),*)));
        })*
    };
    (async $($name:ident($($argument:ident: $ty:ty = $value:expr),*) $body:block)*) => {
        $(#[test]
        fn $name() {
            async fn bare($($argument: $ty),*) -> usize $body
            #[instrumented]
            async fn ours($($argument: $ty),*) -> usize $body
            #[instrumented(err, ret)]
            async fn recorded($($argument: $ty),*) -> Result<usize, String> { Ok($body) }
            assert_eq!(traits_of!(ours($($value),*)), traits_of!(bare($($value),*)));
            assert_eq!(traits_of!(recorded($($value),*)), traits_of!(bare($($value),*)));
        })*
    };
}

same_traits! { async
    a_future_of_nothing() { 1 }
    a_future_that_waits() { pause().await; 1 }
    a_future_of_a_number(number: u64 = 1) { pause().await; usize::from(number == 1) }
    a_future_of_what_is_not_send(shared: Rc<u8> = Rc::new(1)) { pause().await; usize::from(*shared) }
    a_future_of_what_is_not_sync(cell: Cell<u8> = Cell::new(1)) { pause().await; cell.get().into() }
    a_future_of_a_reference(cell: &RefCell<u8> = Box::leak(Box::new(RefCell::new(1)))) { pause().await; (*cell.borrow()).into() }
    a_future_of_a_unique_reference(number: &mut u8 = Box::leak(Box::new(1))) { pause().await; (*number).into() }
    a_future_of_what_is_pinned(pinned: PhantomPinned = PhantomPinned) { pause().await; size_of_val(&pinned) }
}

same_traits! {
    an_opaque_future(shared: Rc<u8> = Rc::new(1)) [-> impl Future<Output = u8>] { ready(*shared) }
    an_opaque_future_that_is_unpin(number: u8 = 1) [-> impl Future<Output = u8> + Unpin] { ready(number) }
    an_opaque_iterator(shared: Rc<u8> = Rc::new(1)) [-> impl Iterator<Item = u8>] { std::iter::once(*shared) }
    a_future_with_a_name(number: u8 = 1) [-> Ready<u8>] { ready(number) }
}

/// Two words more: where the call is, and how far the future got.
const ROOM: usize = 2 * size_of::<usize>();

macro_rules! sizes {
    ($($argument:ident: $ty:ty = $value:expr),* => $body:block) => {{
        async fn bare($($argument: $ty),*) -> usize $body
        #[instrumented]
        async fn ours($($argument: $ty),*) -> usize $body
        async fn fails($($argument: $ty),*) -> Result<usize, String> { Ok($body) }
        #[instrumented(fields(size = 1), err, ret)]
        async fn records($($argument: $ty),*) -> Result<usize, String> { Ok($body) }
        let bare = size_of_val(&bare($($value),*));
        let ours = size_of_val(&ours($($value),*));
        assert!(ours <= bare + ROOM, "{ours} bytes, and {bare} without the attribute");
        let bare = size_of_val(&fails($($value),*));
        let ours = size_of_val(&records($($value),*));
        assert!(ours <= bare + ROOM, "{ours} bytes, and {bare} without the attribute");
    }};
}

#[test]
fn a_future_is_at_most_two_words_larger() {
    sizes!(=> { pause().await; 1 });
    sizes!(text: &str = "" => { pause().await; text.len() });
    sizes!(number: u64 = 1 => { pause().await; usize::from(number == 1) });
    sizes!(text: String = String::new(), list: Vec<u8> = vec![], byte: u8 = 1 => {
        pause().await;
        text.len() + list.len() + usize::from(byte)
    });
    sizes!(left: [u64; 128] = [0; 128], right: [u64; 128] = [0; 128] => {
        pause().await;
        left.len() + right.len()
    });
}

#[test]
fn a_boxed_future_is_the_bodys_own() {
    fn boxed(number: u8) -> Pin<Box<dyn Future<Output = u8>>> {
        Box::pin(ready(number))
    }
    #[instrumented]
    fn ours(number: u8) -> Pin<Box<dyn Future<Output = u8>>> {
        boxed(number)
    }
    assert_eq!(size_of_val(&*ours(1)), size_of_val(&*boxed(1)));
    assert_eq!(run(ours(1)), 1);
}

/// Each function awaits the one before it.
macro_rules! nested {
    ($first:ident $(, $function:ident)*) => {
        #[instrumented]
        async fn $first(depth: u32) -> u32 {
            pause().await;
            depth
        }
        nested!(@ $first $(, $function)*);
    };
    (@ $before:ident, $function:ident $(, $rest:ident)*) => {
        #[instrumented]
        async fn $function(depth: u32) -> u32 {
            $before(depth + 1).await
        }
        nested!(@ $function $(, $rest)*);
    };
    (@ $last:ident) => {
        fn nested() -> impl Future<Output = u32> + Send {
            $last(1)
        }
    };
}

/// The compiler's limit of 128 steps ends the layout of a future after 14 of ours at worst and 19 at
/// best, and after 31 to 41 without the attribute.
#[test]
fn twelve_futures_nest_and_are_send() {
    nested!(a, b, c, d, e, f, g, h, i, j, k, l);
    assert_eq!(run(nested()), 12);
}

#[test]
fn boxed_recursion_is_as_deep_as_wanted() {
    #[instrumented]
    async fn count(from: u32) -> u32 {
        if from == 0 {
            return 0;
        }
        1 + Box::pin(count(from - 1)).await
    }
    #[instrumented]
    fn boxed(from: u32) -> Pin<Box<dyn Future<Output = u32> + Send>> {
        Box::pin(async move {
            if from == 0 {
                return 0;
            }
            1 + boxed(from - 1).await
        })
    }
    assert_eq!((run(count(60)), run(boxed(60))), (60, 60));
}
