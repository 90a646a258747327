//! What the tests share: real inputs, captured records, and waits that fail loudly.
