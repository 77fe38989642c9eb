//! What one user may take of a key.

use super::*;

type Asked = JoinSet<Result<Duration, Problem>>;

fn quick(millis: u64) -> Script {
    Script::new(move |_, _| async move {
        sleep(Duration::from_millis(millis)).await;
        ok("1")
    })
}

/// Asks for so many accounts at once: after which time each was answered.
async fn ask_at_once(desk: &Desk, user: &'static str, accounts: u32) -> Asked {
    let mut asked = JoinSet::new();
    let start = Instant::now();
    for account in 0..accounts {
        let desk = desk.clone();
        asked.spawn(async move { desk.ask(&call(account), &asker(user)).await.map(|_| start.elapsed()) });
    }
    tokio::task::yield_now().await;
    asked
}

/// When the last of those that were answered was, and why the others were not.
async fn outcome(asked: Asked) -> (usize, Duration, Vec<Problem>) {
    let (mut answered, mut last, mut refused) = (0, Duration::ZERO, Vec::new());
    for told in asked.join_all().await {
        match told {
            Ok(after) => (answered, last) = (answered + 1, last.max(after)),
            Err(problem) => refused.push(problem),
        }
    }
    (answered, last, refused)
}

#[tokio::test(start_paused = true)]
async fn one_user_leaves_the_others_half_of_the_queue() {
    let desk = quick(100).desk(Asking { queue: 19, ..uncached() });
    desk.ask(&call(0), &asker("anna")).await.unwrap();
    let (anna, ben) = (ask_at_once(&desk, "anna", 100).await, ask_at_once(&desk, "ben", 5).await);
    let (answered, last, refused) = outcome(anna).await;
    assert_eq!((answered, last), (10, Duration::from_secs(1)));
    assert_eq!(refused, vec![Problem::Share(2); 90]);
    assert_eq!(desk.counters().overdrawn.get(), 90);
    assert_eq!(outcome(ben).await, (5, Duration::from_millis(1_500), Vec::new()));
    assert_eq!(desk.waiting(), 0);
}

#[tokio::test(start_paused = true)]
async fn one_user_leaves_the_others_half_of_each_window() {
    let desk = quick(0).desk(uncached());
    for account in 0..49 {
        desk.ask(&call(account), &asker("anna")).await.unwrap();
    }
    // The last of the fifty goes at once, the next one waits for the first to have left the window, and holds up nobody.
    let anna = ask_at_once(&desk, "anna", 2).await;
    pass(1).await;
    assert_eq!((desk.waiting(), desk.under_way()), (1, 0));
    let start = Instant::now();
    desk.ask(&call(1), &asker("ben")).await.unwrap();
    assert!(start.elapsed() < Duration::from_millis(10));
    let (answered, last, refused) = outcome(anna).await;
    assert_eq!((answered, refused), (2, Vec::new()));
    assert!((5_200..5_300).contains(&last.as_millis()), "{last:?}");
}

#[tokio::test(start_paused = true)]
async fn a_share_that_is_used_up_for_long_is_told_at_once_and_honestly() {
    let window = Window { calls: 40, length: Duration::from_secs(60) };
    let desk = quick(0).desk(Asking { windows: vec![window], ..uncached() });
    for account in 0..20 {
        desk.ask(&call(account), &asker("anna")).await.unwrap();
    }
    let start = Instant::now();
    let Problem::Share(after) = desk.ask(&call(1), &asker("anna")).await.unwrap_err() else {
        panic!("not refused")
    };
    assert!(start.elapsed() < Duration::from_millis(10) && (60..=61).contains(&after), "{after}");
    desk.ask(&call(1), &asker("ben")).await.unwrap();
    pass(after).await;
    desk.ask(&call(1), &asker("anna")).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn nothing_is_divided_among_the_anonymous_or_where_it_is_off_or_too_little() {
    for (user, asking, places) in [
        ("", Asking { queue: 19, ..uncached() }, 20),
        ("anna", Asking { queue: 19, per_user: None, ..uncached() }, 20),
        ("anna", Asking { queue: 7, ..uncached() }, 8),
        ("anna", Asking { queue: 8, ..uncached() }, 8),
        ("anna", Asking { queue: 0, ..uncached() }, 1),
        ("anna", Asking { queue: 99, per_user: Some(20), ..uncached() }, 20),
    ] {
        let desk = quick(10).desk(asking);
        let (answered, ..) = outcome(ask_at_once(&desk, user, 100).await).await;
        assert_eq!(answered, places, "{user:?} {places}");
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_leaves_gives_the_places_back() {
    let desk = quick(1_000).desk(Asking { queue: 19, ..uncached() });
    for _ in 0..5 {
        let mut asked = ask_at_once(&desk, "anna", 10).await;
        let refused = desk.ask(&call(99), &asker("anna")).await.unwrap_err();
        assert!(matches!(refused, Problem::Share(_)), "{refused:?}");
        asked.shutdown().await;
    }
    let (answered, last, _) = outcome(ask_at_once(&desk, "anna", 9).await).await;
    assert_eq!((answered, last), (9, Duration::from_secs(9)));
}
