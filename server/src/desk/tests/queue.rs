//! The queue: its end, its windows, its deadline, and a thousand people in it.

use super::*;

#[tokio::test(start_paused = true)]
async fn the_queue_has_an_end_and_says_when_to_come_back() {
    let script = Script::new(|_, _| async {
        pass(1).await;
        ok("1")
    });
    let desk = script.desk(Asking { queue: 4, ..uncached() });
    get(&desk).await.unwrap();
    let start = Instant::now();
    let mut askers = JoinSet::new();
    for number in 0..8 {
        let desk = desk.clone();
        askers.spawn(async move {
            (number, desk.ask(&call(number), &asker("")).await.map(|_| ()), start.elapsed())
        });
    }
    let mut got = askers.join_all().await;
    got.sort_by_key(|(number, ..)| *number);
    for (number, result, after) in got {
        if number < 5 {
            assert_eq!((result, after.as_secs()), (Ok(()), u64::from(number) + 1));
        } else {
            assert_eq!((result, after.as_secs()), (Err(Problem::Busy(5)), 0));
        }
    }
    assert_eq!((script.asked(), desk.counters().busy.get(), desk.waiting()), (6, 3, 0));
}

#[tokio::test(start_paused = true)]
async fn a_waiter_that_leaves_costs_no_call() {
    let script = Script::new(|_, _| async {
        pass(1).await;
        ok("1")
    });
    let desk = script.desk(Asking { queue: 1, ..uncached() });
    let spawn = |number| {
        let desk = desk.clone();
        tokio::spawn(async move { desk.ask(&call(number), &asker("")).await.map(|_| ()) })
    };
    let (first, second) = (spawn(1), spawn(2));
    tokio::task::yield_now().await;
    assert_eq!(desk.waiting(), 1);
    second.abort();
    assert!(second.await.unwrap_err().is_cancelled());
    assert_eq!(desk.waiting(), 0);
    let third = spawn(3);
    assert_eq!((first.await.unwrap(), third.await.unwrap()), (Ok(()), Ok(())));
    assert_eq!(script.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_deadline_that_the_windows_cannot_meet_is_told_at_once() {
    let script = Script::of(&[ok("1")]);
    let window = Window { calls: 2, length: Duration::from_secs(60) };
    let desk = script.desk(Asking { windows: vec![window], ..uncached() });
    for _ in 0..2 {
        get(&desk).await.unwrap();
        pass(5).await;
    }
    let start = Instant::now();
    let Problem::Busy(after) = get(&desk).await.unwrap_err() else { panic!("not refused") };
    assert_eq!((start.elapsed(), after), (Duration::ZERO, 51));
    pass(after).await;
    get(&desk).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn waiting_uses_up_the_deadline_of_the_call() {
    let script = Script::new(|_, _| async {
        pass(6).await;
        ok("1")
    });
    let desk = script.desk(uncached());
    let start = Instant::now();
    let (first, second) = tokio::join!(get(&desk), get(&desk));
    assert!(first.is_ok());
    assert_eq!((second.unwrap_err(), start.elapsed().as_secs()), (Problem::UpstreamTimeout, 10));
}

#[tokio::test(start_paused = true)]
async fn with_everything_off_each_request_is_a_call_of_its_own_at_once() {
    let script = Script::new(|_, _| async {
        pass(9).await;
        status(500, None)
    });
    let desk = script.desk(Asking::plainly());
    let mut askers = JoinSet::new();
    for _ in 0..500 {
        let desk = desk.clone();
        askers.spawn(async move { get(&desk).await.unwrap() });
    }
    let start = Instant::now();
    let got = askers.join_all().await;
    assert!(got.iter().all(|served| served.answer.status == 500 && served.source == Source::Upstream));
    assert_eq!((start.elapsed().as_secs(), script.asked()), (9, 500));
}

/// A thousand people, each with an account of their own, who ask again and again for seven minutes.
#[tokio::test(start_paused = true)]
async fn a_thousand_users_never_exceed_the_windows() {
    let script = Script::new(|number, _| async move {
        sleep(Duration::from_millis(20 + number as u64 * 7 % 60)).await;
        if number % 97 == 0 { status(503, None) } else { ok("1") }
    });
    let desk = script.desk(Asking { in_flight: 4, ..Asking::default() });
    let mut users = JoinSet::new();
    for user in 0..1_000 {
        let desk = desk.clone();
        users.spawn(async move {
            let end = Instant::now() + Duration::from_secs(420);
            let mut answered = 0;
            while Instant::now() < end {
                let wait = match desk.ask(&call(user), &asker("")).await {
                    Ok(_) => {
                        answered += 1;
                        30
                    }
                    Err(Problem::Busy(after) | Problem::Resting(after) | Problem::Limited(after)) => after,
                    Err(problem) => panic!("{problem:?}"),
                };
                sleep(Duration::from_millis(wait * 1_000 + u64::from(user) % 500)).await;
            }
            answered
        });
    }
    let answered: u32 = users.join_all().await.iter().sum();
    let asked = script.asked.lock().unwrap().clone();
    for (calls, secs) in [(1_000, 180), (100, 5)] {
        let fullest = asked
            .iter()
            .enumerate()
            .map(|(place, first)| {
                asked.iter().skip(place).take_while(|at| **at - *first <= Duration::from_secs(secs)).count()
            })
            .max();
        assert_eq!(fullest, Some(calls), "in {secs} s");
    }
    assert!(asked.len() > 2_000 && answered as usize > asked.len(), "{} {answered}", asked.len());
}
