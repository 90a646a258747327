//! Handlers, in several ways, beside a naive design (goal 18).

mod cases;

use std::io;

use self::cases::{Case, Returns};
use super::{
    costs::Costs,
    figure::{self, Figure},
    options::Options,
    workshop::Build,
};

/// Measures them.
pub(crate) fn table(options: &Options) -> io::Result<String> {
    let costs = Costs::measure(options)?;
    let all = [Returns::Nothing, Returns::Result];
    let figures: Vec<Figure> = all
        .into_iter()
        .flat_map(|returns| figures(&costs, returns))
        .collect();
    let plain = all.map(Case::Plain);
    Ok(costs.head(options, &plain) + &figure::table(&figures))
}

fn figures(costs: &Costs<Case>, returns: Returns) -> Vec<Figure> {
    let (handlers, batch) = (Case::Handlers(returns), Case::Batch(returns));
    let naive = Case::Naive(returns);
    let code = |case| costs.bytes(case, "machine code", |sizes| sizes.text);
    let mut figures = vec![
        costs.over_plain(handlers, Build::Check),
        costs.over_plain(handlers, Build::Debug).at_most(5.0),
        costs.over_plain(handlers, Build::Release).at_most(4.2),
        code(handlers).at_most(80.0),
        costs.over_plain(batch, Build::Check),
        costs.over_plain(batch, Build::Debug).at_most(3.6),
        costs.over_plain(batch, Build::Release).at_most(3.6),
        code(batch),
        costs.over_plain(naive, Build::Debug),
        costs.over_plain(naive, Build::Release),
        code(naive),
        costs.added(handlers, naive, Build::Debug).at_most(0.55),
        costs.added(handlers, naive, Build::Release).at_most(0.55),
    ];
    if returns == Returns::Nothing {
        figures.extend([
            costs.over_plain(Case::InPlace, Build::Debug),
            costs.over_plain(Case::InPlace, Build::Release),
            code(Case::InPlace),
        ]);
    }
    figures
}
