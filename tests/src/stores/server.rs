//! A thread that serves requests, and is killed by one that makes it panic.

use std::{
    error::Error,
    io,
    panic::resume_unwind,
    sync::{
        atomic::{AtomicU64, Ordering},
        mpsc::{self, Receiver, Sender},
    },
    thread,
};

use gambeson::Resource;

use crate::PATIENCE;

/// The way to a server thread.
#[derive(Debug)]
pub struct Server(Sender<Request>);

#[derive(Debug)]
enum Request {
    /// Doubles a number.
    Double(u64, Sender<u64>),
    Poison,
}

impl Server {
    /// The opener: a thread whose end is the resource's death, and that counts in `served` what it
    /// answers.
    ///
    /// # Errors
    ///
    /// If there is no thread for it, or for whoever watches it.
    pub fn open(
        resource: &'static Resource<Server>,
        served: &'static AtomicU64,
    ) -> io::Result<Self> {
        let (requests, inbox) = mpsc::channel();
        let serve = move || serve(&inbox, served);
        let thread = thread::Builder::new().name("server".to_owned());
        resource.watch(thread.spawn(serve)?)?;
        Ok(Server(requests))
    }

    /// Asks for twice a number.
    ///
    /// # Errors
    ///
    /// If the server is dead, or dies before it answers.
    pub fn double(&self, number: u64) -> Result<u64, Box<dyn Error + Send + Sync>> {
        let (answer, answered) = mpsc::channel();
        self.0.send(Request::Double(number, answer))?;
        Ok(answered.recv_timeout(PATIENCE)?)
    }

    /// Kills it, once it has served what was asked for before. Returns whether it was alive.
    pub fn poison(&self) -> bool {
        self.0.send(Request::Poison).is_ok()
    }
}

fn serve(inbox: &Receiver<Request>, served: &AtomicU64) {
    for request in inbox {
        match request {
            Request::Double(number, answer) => {
                served.fetch_add(1, Ordering::SeqCst);
                // Whoever asked may have died meanwhile.
                let _ = answer.send(number * 2);
            }
            // As a panic, without a word on stderr.
            Request::Poison => resume_unwind(Box::new("poisoned")),
        }
    }
}
