//! How fast the window is: prints one JSON document, asserts nothing.
//!
//! `bench-ui WINDOW` starts that window on a stage of its own, opens the sample company once, and
//! then starts it again and again. Then it gives the company a hundred thousand open invoices.

mod crowd;
mod grid_times;

use std::io::Write;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tieout_api::Opening;
use tieout_desktop_tests::stage::Stage;
use tieout_desktop_tests::window::Window;
use zeroize::Zeroizing;

const PASSPHRASE: &str = "a benchmark keeps no secrets";
/// Where the window keeps the sample company.
const SAMPLE: &str = "home/tieout/sample";
const STARTS: usize = 7;
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// How often a window that was closed is asked until it has ended.
const ENDED_ASKED_MAX: u32 = 200;
/// The figures of the overview stand there and nothing more is being asked.
const USABLE: &str = "const page = document.querySelector('.page'); \
    return document.querySelector('h1')?.textContent === 'Overview' \
      && page?.getAttribute('aria-busy') === 'false' \
      && document.querySelector('[data-amount]') !== null";
/// The kernel counts the start of a process in hundredths of a second.
const MS_PER_TICK: u64 = 10;

fn main() {
    let Some(program) = std::env::args().nth(1) else {
        eprintln!("usage: bench-ui WINDOW");
        std::process::exit(2);
    };
    let stage = Stage::new(program, &[("TIEOUT_PASSPHRASE", PASSPHRASE)]);
    let first = Window::open(&stage);
    first.open_sample();
    first.wait_until(USABLE);
    close(first, &stage);

    let mut starts: Vec<u64> = Vec::new();
    let mut memory = Value::Null;
    for _ in 0..STARTS {
        let window = Window::open(&stage);
        window.wait_until(USABLE);
        let usable_at = now_ms();
        let process = stage.window_process();
        starts.push(usable_at - started_ms(process));
        memory = memory_of(process);
        close(window, &stage);
    }
    starts.sort_unstable();
    let (grid, crowded) = crowd(&stage);
    let document = json!({
        "bench": "ui",
        "start_to_overview": {
            "unit": "ms",
            "median": starts[STARTS / 2],
            "slowest": starts[STARTS - 1],
            "all": starts,
        },
        "memory_kib": memory,
        "grid": grid,
        "memory_with_the_grid_kib": crowded,
    });
    writeln!(std::io::stdout(), "{document:#}").expect("somebody reads the figures");
}

/// The list of open invoices of a large company, and what the window takes with it.
fn crowd(stage: &Stage) -> (Value, Value) {
    crowd::gather(&Opening {
        folder: stage.path(SAMPLE),
        passphrase: Some(Zeroizing::new(PASSPHRASE.to_owned())),
        create: false,
        ca_pem: None,
    });
    let window = Window::open(stage);
    window.wait_until(USABLE);
    window.go("Receivables");
    let opened = grid_times::open(&window);
    let memory_opened = memory_of(stage.window_process());
    let times = grid_times::of(&window, opened);
    let memory = json!({ "opened": memory_opened, "used": memory_of(stage.window_process()) });
    close(window, stage);
    (times, memory)
}

fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970");
    u64::try_from(since.as_millis()).expect("and before the year 500,000,000")
}

/// When this process started.
fn started_ms(process: u32) -> u64 {
    let ticks = field_after_name(process, 19).expect("the process runs");
    let uptime = std::fs::read_to_string("/proc/uptime").expect("Linux tells its uptime");
    let uptime = uptime.split(' ').next().expect("the first number").replace('.', "");
    let up_ms = uptime.parse::<u64>().expect("seconds with two digits") * MS_PER_TICK;
    now_ms() - up_ms + ticks * MS_PER_TICK
}

/// A number of `/proc/PID/stat`, counted behind the name, which may hold spaces.
fn field_after_name(process: u32, at: usize) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    stat.rsplit_once(") ")?.1.split(' ').nth(at)?.parse().ok()
}

/// Memory of the window's process and of each process that it has started, shared pages divided.
fn memory_of(window: u32) -> Value {
    let mut told = serde_json::Map::new();
    let mut waiting = vec![window];
    while let Some(process) = waiting.pop() {
        let path = |file: &str| format!("/proc/{process}/{file}");
        let name = std::fs::read_to_string(path("comm")).unwrap_or_default();
        let rollup = std::fs::read_to_string(path("smaps_rollup")).unwrap_or_default();
        let line = |key: &str| {
            let line = rollup.lines().find(|line| line.starts_with(key))?;
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        };
        let entry = json!({ "pss": line("Pss:"), "rss": line("Rss:") });
        told.insert(name.trim().to_owned(), entry);
        waiting.extend(children_of(process));
    }
    Value::Object(told)
}

/// Closes the window and waits for its process to end: the next start is measured alone.
fn close(window: Window, stage: &Stage) {
    let process = stage.window_process();
    window.close();
    let path = format!("/proc/{process}");
    for _ in 0..ENDED_ASKED_MAX {
        if !std::path::Path::new(&path).exists() {
            return;
        }
        std::thread::sleep(LOOK_EVERY);
    }
    panic!("the window does not end");
}

fn children_of(process: u32) -> Vec<u32> {
    let tasks = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten();
    let of_task = |task: std::fs::DirEntry| {
        let listed = std::fs::read_to_string(task.path().join("children")).unwrap_or_default();
        listed.split_whitespace().filter_map(|it| it.parse().ok()).collect::<Vec<u32>>()
    };
    tasks.flatten().flat_map(of_task).collect()
}
