//! Functions under `#[instrumented]` and under the attributes of peers (goals 16 and 17).

mod cases;

use std::io;

use self::cases::{Attribute, Case, Kind};
use super::{
    costs::Costs,
    figure::{self, Figure},
    options::Options,
    sizes::Sizes,
    workshop::Build,
};

const CODE: &str = "machine code";
const DATA: &str = "data";
const BOTH: &str = "machine code and data";

const BUILDS: [Build; 2] = [Build::Debug, Build::Release];

/// What is asked for, of one kind of function.
struct Goals {
    work_to_tracing: f64,
    work_to_fastrace: Option<f64>,
    code: Option<f64>,
    data: Option<f64>,
    size_to_tracing: f64,
}

impl Kind {
    fn goals(self) -> Goals {
        match self {
            Kind::Sync => Goals {
                work_to_tracing: 0.25,
                work_to_fastrace: Some(1.0),
                code: Some(165.0),
                data: Some(48.0),
                size_to_tracing: 0.33,
            },
            Kind::Async => Goals {
                work_to_tracing: 0.4,
                work_to_fastrace: None,
                code: None,
                data: None,
                size_to_tracing: 0.3,
            },
        }
    }
}

/// Measures them.
pub(crate) fn table(options: &Options) -> io::Result<String> {
    let costs = Costs::measure(options)?;
    let kinds = [Kind::Sync, Kind::Async];
    let figures: Vec<Figure> = kinds
        .into_iter()
        .flat_map(|kind| figures(&costs, kind))
        .collect();
    let plain = kinds.map(|kind| Case::new(kind, Attribute::None));
    Ok(costs.head(options, &plain) + &figure::table(&figures))
}

fn figures(costs: &Costs<Case>, kind: Kind) -> Vec<Figure> {
    let goals = kind.goals();
    let ours = Case::new(kind, Attribute::Instrumented);
    let tracing = Case::new(kind, Attribute::Tracing);
    let fastrace = Case::new(kind, Attribute::Fastrace);
    let peers = [tracing, fastrace, Case::new(kind, Attribute::Autometrics)];
    let mut figures = Vec::new();
    figures.extend(BUILDS.map(|build| costs.over_plain(ours, build)));
    for peer in peers {
        figures.extend(BUILDS.map(|build| costs.over_plain(peer, build)));
    }
    for build in BUILDS {
        figures.push(
            costs
                .added(ours, tracing, build)
                .at_most(goals.work_to_tracing),
        );
    }
    for build in BUILDS {
        let added = costs.added(ours, fastrace, build);
        figures.push(added.at_most(goals.work_to_fastrace));
    }
    figures.push(costs.bytes(ours, CODE, code).at_most(goals.code));
    figures.push(costs.bytes(ours, DATA, data).at_most(goals.data));
    for peer in peers {
        figures.push(costs.bytes(peer, CODE, code));
        figures.push(costs.bytes(peer, DATA, data));
    }
    for (what, part) in [(CODE, code as fn(&Sizes) -> f64), (BOTH, Sizes::sum)] {
        let ratio = costs.bytes_to(ours, tracing, what, part);
        figures.push(ratio.at_most(goals.size_to_tracing));
    }
    figures
}

fn code(sizes: &Sizes) -> f64 {
    sizes.text
}

fn data(sizes: &Sizes) -> f64 {
    sizes.data
}
