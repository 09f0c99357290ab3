//! The list of promised effects, and one of them whole.

use tieout_api::commands::{self, EffectsOptions, Resolution};
use tieout_api::views::effects::EffectView;
use tieout_api::{Failure, Workspace};

use super::deciding;
use super::grids::plain;
use crate::args::{Decision, EffectsArgs};
use crate::print;
use crate::table::{Side, Table};

pub async fn effects(
    workspace: &mut Workspace,
    args: &EffectsArgs,
    json: bool,
) -> Result<bool, Failure> {
    let resolve = match (&args.resolve, args.decision) {
        (Some(key), Some(decision)) => Some(Resolution {
            key: key.clone(),
            decision: match decision {
                Decision::SendAgain => tieout_api::Decision::SendAgain,
                Decision::GiveUp => tieout_api::Decision::GiveUp,
                Decision::Accept => tieout_api::Decision::Accept,
            },
            reason: args.reason.clone().unwrap_or_default(),
            actor: deciding(args.actor.as_deref())?,
        }),
        _ => None,
    };
    let options = EffectsOptions {
        key: args.one.clone().or_else(|| args.key.clone()),
        state: args.state.clone(),
        kind: args.kind.clone(),
        deal: args.deal.clone(),
        waiting: args.waiting,
        ask: args.ask,
        resolve,
    };
    let view = commands::effects(workspace, &options).await?;
    let settled = |state: &str| matches!(state, "confirmed" | "cancelled");
    let complete = view.effects.iter().all(|effect| settled(effect.state));
    match (json, &options.key) {
        (true, _) => print::json(&view),
        (false, Some(_)) => view.effects.iter().for_each(one_effect),
        (false, None) if args.waiting => print_waiting(&view.effects),
        (false, None) => print::line(&effect_table(&view.effects).text()),
    }
    Ok(complete)
}

/// What needs a person or waits, and what may be decided about it.
fn print_waiting(effects: &[EffectView]) {
    let mut table = Table::new(&[
        ("Key", Side::Whole),
        ("State", Side::Left),
        ("Deal", Side::Left),
        ("Amount", Side::Right),
        ("Ccy", Side::Left),
        ("Days", Side::Right),
        ("Asked next", Side::Left),
        ("May be decided", Side::Left),
    ]);
    for effect in effects {
        let dossier = effect.dossier.as_ref();
        let deal = dossier.and_then(|it| it.reference.clone().or_else(|| it.deal.clone()));
        let choices = dossier.map(|it| it.choices.iter().map(|choice| choice.decision));
        table.row([
            effect.key.clone(),
            effect.state.into(),
            deal.or_else(|| effect.opportunity.clone()).unwrap_or_default(),
            plain(effect.amount.as_ref()),
            effect.amount.as_ref().map(|it| it.currency.clone()).unwrap_or_default(),
            effect.age_days.to_string(),
            dossier.and_then(|it| it.asked_next_at.clone()).unwrap_or_default(),
            choices.map(|words| words.collect::<Vec<_>>().join(", ")).unwrap_or_default(),
        ]);
    }
    print::line(&table.text());
    if !effects.is_empty() {
        print::line("`tieout effects KEY` says what each choice does and risks.");
    }
}

fn effect_table(effects: &[EffectView]) -> Table {
    let mut table = Table::new(&[
        ("Key", Side::Whole),
        ("Kind", Side::Left),
        ("Opportunity", Side::Left),
        ("State", Side::Left),
        ("Next", Side::Left),
        ("Result", Side::Left),
    ]);
    for effect in effects {
        table.row([
            effect.key.clone(),
            effect.kind.into(),
            effect.opportunity.clone().unwrap_or_default(),
            effect.state.into(),
            effect.next_at.clone().unwrap_or_default(),
            result(effect),
        ]);
    }
    table
}

fn result(effect: &EffectView) -> String {
    let result = effect.result_id.clone().or_else(|| effect.error_code.clone());
    let how = if effect.adopted { " (adopted)" } else { "" };
    result.map_or_else(String::new, |result| format!("{result}{how}"))
}

/// Everything about one effect, and every step of its life.
fn one_effect(effect: &EffectView) {
    let given = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".into());
    print::line(&effect.key);
    for (name, value) in [
        ("kind", effect.kind.to_owned()),
        ("connection", effect.connection.clone()),
        ("opportunity", given(&effect.opportunity)),
        ("state", effect.state.to_owned()),
        ("promised", effect.promised_at.clone()),
        ("first sent", given(&effect.first_sent_at)),
        ("next", given(&effect.next_at)),
        ("attempts", effect.attempts.to_string()),
        ("result", result(effect)),
        ("error", given(&effect.error_text)),
    ] {
        print::line(&format!("  {name:<12} {value}"));
    }
    if let Some(dossier) = &effect.dossier {
        print::line("");
        dossier.sentences.iter().for_each(|sentence| print::line(sentence));
        for choice in &dossier.choices {
            print::line(&format!("You may decide `{}`: {}", choice.decision, choice.does));
            print::line(&format!("  Risk: {}", choice.risk));
        }
        print::line("");
    }
    for event in &effect.history {
        let from = event.from.unwrap_or("-");
        let note = event.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
        print::line(&format!("  {}  {from} -> {}: {}{note}", event.at, event.to, event.detail));
    }
}
