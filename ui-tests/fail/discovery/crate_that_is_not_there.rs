gambeson::attach_crate!(plugin_that_is_not_there);

fn main() {}
