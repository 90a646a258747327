use gambeson::Classify;

#[derive(Classify)]
union Either {
    number: u32,
    float: f32,
}

fn main() {
    let _ = Either { number: 1 };
    let _ = Either { float: 1.0 };
}
