//! An actor's children end with it, and so with its resource.

use gambeson::{
    Resource, Restart,
    ractor::{OwnedActor, spawn},
};
use gambeson_tests::PATIENCE;
use ractor::{Actor, ActorCell, ActorProcessingErr, ActorRef, ActorStatus};
use tokio::runtime::Runtime;

use crate::{next, runtime};

/// Has so many floors of two branches each above it.
struct Branch;

impl Actor for Branch {
    type Msg = ();
    type State = ();
    type Arguments = u32;

    async fn pre_start(&self, myself: ActorRef<()>, floors: u32) -> Result<(), ActorProcessingErr> {
        if floors == 0 {
            return Ok(());
        }
        for _ in 0..2 {
            // Boxed, for this is a future in itself.
            let above = Box::pin(Branch::spawn_linked(
                None,
                Branch,
                floors - 1,
                myself.get_cell(),
            ));
            above.await?;
        }
        Ok(())
    }

    async fn handle(&self, _: ActorRef<()>, (): (), (): &mut ()) -> Result<(), ActorProcessingErr> {
        panic!("a storm")
    }
}

static TREE: Resource<OwnedActor<()>> =
    Resource::with_opener("tree", || spawn(&TREE, None, Branch, 3)).restart(Restart::never());

type End = fn(&ActorRef<()>);

/// All that grows on this one, without itself.
fn branches(trunk: &ActorCell) -> Vec<ActorCell> {
    let mut found = trunk.get_children();
    let mut next = 0;
    while let Some(branch) = found.get(next) {
        let above = branch.get_children();
        found.extend(above);
        next += 1;
    }
    found
}

fn assert_all_end(runtime: &Runtime, branches: &[ActorCell]) {
    assert_eq!(branches.len(), 2 + 4 + 8);
    for branch in branches {
        runtime
            .block_on(branch.wait(Some(PATIENCE)))
            .expect("it ends");
    }
}

#[test]
fn a_tree_falls_with_its_trunk() {
    let runtime = runtime();
    let _inside = runtime.enter();
    let mut monitor = TREE.monitor();
    let ends: [(End, &str); 4] = [
        (|trunk| trunk.kill(), "peer_dead: the actor was killed"),
        (
            |trunk| trunk.cast(()).unwrap(),
            "peer_dead: the actor failed: a storm",
        ),
        (|trunk| trunk.stop(None), "shutting_down: the actor stopped"),
        (
            |_| {
                TREE.revoke(PATIENCE);
            },
            "shutting_down: revoked",
        ),
    ];
    for (end, told) in ends {
        TREE.ensure_started().unwrap();
        let trunk = TREE.lease().unwrap().clone();
        let branches = branches(&trunk);
        let stands = |branch: &ActorCell| branch.get_status() < ActorStatus::Draining;
        assert!(branches.iter().all(stands));
        end(&trunk);
        assert_all_end(&runtime, &branches);
        assert_eq!(next(&mut monitor), told);
    }
}

/// A child that dies is its parent's affair: by ractor's default the parent stops.
#[test]
fn a_branch_that_breaks_is_heard_of_by_its_parent() {
    static SHRUB: Resource<OwnedActor<()>> =
        Resource::with_opener("shrub", || spawn(&SHRUB, None, Branch, 1)).restart(Restart::never());
    let runtime = runtime();
    let _inside = runtime.enter();
    SHRUB.ensure_started().unwrap();
    let mut monitor = SHRUB.monitor();
    let trunk = SHRUB.lease().unwrap().clone();
    trunk.get_children()[0].kill();
    assert_eq!(next(&mut monitor), "shutting_down: the actor stopped");
}
