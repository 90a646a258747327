//! The warehouse: a process of its own, which the shop starts, talks to, and may lose at any time.
//!
//! One line comes for each order, one goes back, and one is in the stock's file before that. It
//! ends when the shop closes the pipe, and so also when the shop dies.

use std::{
    fs::OpenOptions,
    io::{self, BufRead, Write},
    path::Path,
};

/// What it says when it can take orders.
pub(crate) const GREETING: &str = "OPEN";

/// Reserves what is asked for, until nobody asks any more.
pub(crate) fn serve(stock: &Path, orders: impl BufRead, mut answers: impl Write) -> io::Result<()> {
    let mut stock = OpenOptions::new().append(true).create(true).open(stock)?;
    writeln!(answers, "{GREETING}")?;
    answers.flush()?;
    for order in orders.lines() {
        let order = order?;
        // In one write, which a kill does not cut in two.
        stock.write_all(format!("{order}\n").as_bytes())?;
        writeln!(answers, "{}", answer_to(&order))?;
        answers.flush()?;
    }
    Ok(())
}

/// The answer to an order that is reserved.
pub(crate) fn answer_to(order: &str) -> String {
    format!("RESERVED {order}")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::data::Data;

    #[test]
    fn every_order_is_in_the_file_before_it_is_answered() {
        let data = Data::temporary("warehouse-test").unwrap();
        let mut answers = Vec::new();
        serve(&data.stock(), "1\n2\n".as_bytes(), &mut answers).unwrap();
        assert_eq!(answers, b"OPEN\nRESERVED 1\nRESERVED 2\n");
        serve(&data.stock(), "3\n".as_bytes(), io::sink()).unwrap();
        assert_eq!(fs::read_to_string(data.stock()).unwrap(), "1\n2\n3\n");
    }

    /// What the shop of the other tests starts as its warehouse: these tests are the program then.
    #[test]
    #[ignore = "a process of another test"]
    fn as_a_process() {
        if let Some(stock) = std::env::var_os("SHOP_TEST_STOCK") {
            serve(Path::new(&stock), io::stdin().lock(), io::stdout()).unwrap();
        }
    }
}
