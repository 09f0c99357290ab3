//! Promised side effects: what was sent, what is not known, and what a person may decide.

use std::cmp::Reverse;

use tieout_domain::Money;
use tieout_domain::effect::EffectState;
use tieout_engine::{Decision, Engine};
use tieout_store::{Effect, EffectFilter, EffectKind};

use super::decide::{NO_ACTOR, not_blank};
use super::dossier::dossier_view;
use super::sync::deal_id;
use crate::codes::Code;
use crate::failure::Failure;
use crate::views::amount;
use crate::views::effects::{EffectView, EffectsView};
use crate::workspace::Workspace;

/// What a person decides about an effect that cannot go on by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolution {
    pub key: String,
    pub decision: Decision,
    pub reason: String,
    pub actor: String,
}

/// Which effects, and what to do about them first.
#[derive(Clone, Debug, Default)]
pub struct EffectsOptions {
    /// Only this one.
    pub key: Option<String>,
    /// Only those in this state: `unknown`.
    pub state: Option<String>,
    /// Only those of this kind: `document`.
    pub kind: Option<String>,
    /// Only those of this Opportunity: its id or the address of its page.
    pub deal: Option<String>,
    /// Only those that need a person or wait for an answer, in the order in which they press.
    pub waiting: bool,
    /// Ask the tool about every unknown outcome that is due.
    pub ask: bool,
    pub resolve: Option<Resolution>,
}

/// Lists effects with their histories, newest first.
pub async fn effects(
    workspace: &mut Workspace,
    options: &EffectsOptions,
) -> Result<EffectsView, Failure> {
    if let Some(resolution) = &options.resolve {
        not_blank(&resolution.reason, "`--reason` is empty: say why, for the audit trail")?;
        not_blank(&resolution.actor, NO_ACTOR)?;
        workspace.engine.resolve(
            &resolution.key,
            resolution.decision,
            &resolution.actor,
            &resolution.reason,
        )?;
    }
    if options.ask {
        workspace.engine.ask_now().await?;
    }
    let mut effects = workspace.engine.store.effects(&filter(options)?)?;
    effects.sort_by(|a, b| (b.created_at, &b.key).cmp(&(a.created_at, &a.key)));
    if let Some(key) = &options.key {
        effects.retain(|effect| effect.key == *key);
        if effects.is_empty() {
            return Err(Failure::new(Code::NoSuchEffect, format!("`{key}`")));
        }
    }
    let in_words = options.waiting || options.key.is_some();
    let mut views = Vec::with_capacity(effects.len());
    for effect in &effects {
        views.push(effect_view(&workspace.engine, effect, in_words)?);
    }
    if options.waiting {
        views.retain(|(view, _)| WAITING.iter().any(|state| state.as_str() == view.state));
        views.sort_by(|(a, a_net), (b, b_net)| pressing(a, *a_net).cmp(&pressing(b, *b_net)));
    }
    let effects: Vec<EffectView> = views.into_iter().map(|(view, _)| view).collect();
    Ok(EffectsView { count: effects.len(), effects })
}

/// What cannot go on by itself, or not yet.
const WAITING: [EffectState; 3] =
    [EffectState::Unknown, EffectState::Conflict, EffectState::Rejected];

/// The oldest first; of one day and currency the largest amount first. Amounts in two currencies
/// have no order, so the code of the currency is theirs.
fn pressing(view: &EffectView, net: Option<Money>) -> impl Ord {
    (
        Reverse(view.age_days),
        net.map(Money::currency),
        Reverse(net.map(Money::minor)),
        view.key.clone(),
    )
}

fn effect_view(
    engine: &Engine,
    effect: &Effect,
    in_words: bool,
) -> Result<(EffectView, Option<Money>), Failure> {
    let history = engine.store.effect_history(&effect.key)?;
    let dossier = engine.dossier(effect)?;
    let view = EffectView::new(effect, &history, amount(dossier.net), engine.now());
    let told = in_words.then(|| dossier_view(effect, &history, &dossier, &view));
    Ok((EffectView { dossier: told, ..view }, dossier.net))
}

fn filter(options: &EffectsOptions) -> Result<EffectFilter, Failure> {
    let states = options.state.as_deref().map(effect_state).transpose()?;
    Ok(EffectFilter {
        kind: options.kind.as_deref().map(effect_kind).transpose()?,
        states: states.into_iter().collect(),
        deal: options.deal.as_deref().map(deal_id).transpose()?,
        ..EffectFilter::default()
    })
}

fn effect_state(text: &str) -> Result<EffectState, Failure> {
    let found = EffectState::ALL.into_iter().find(|state| state.as_str() == text);
    found.ok_or_else(|| unknown_word(text, &EffectState::ALL.map(EffectState::as_str)))
}

fn effect_kind(text: &str) -> Result<EffectKind, Failure> {
    let words: Vec<&str> = EffectKind::ALL.iter().map(|kind| kind.as_str()).collect();
    EffectKind::parse(text).ok_or_else(|| unknown_word(text, &words))
}

fn unknown_word(text: &str, words: &[&str]) -> Failure {
    Failure::new(Code::Usage, format!("`{text}` is none of {}", words.join(", ")))
}

/// Whether a word is a state, so that a typing mistake is told before anything is opened.
pub fn check_state(text: &str) -> Result<(), Failure> {
    effect_state(text).map(drop)
}

/// As `check_state`, for a kind.
pub fn check_kind(text: &str) -> Result<(), Failure> {
    effect_kind(text).map(drop)
}
