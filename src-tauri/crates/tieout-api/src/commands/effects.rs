//! Promised side effects: what was sent, what is not known, and what a person may decide.

use tieout_domain::effect::EffectState;
use tieout_engine::Decision;
use tieout_store::{EffectFilter, EffectKind};

use super::decide::{NO_ACTOR, not_blank};
use super::sync::deal_id;
use crate::codes::Code;
use crate::failure::Failure;
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
    let store = &workspace.engine.store;
    let mut effects = store.effects(&filter(options)?)?;
    effects.sort_by(|a, b| (b.created_at, &b.key).cmp(&(a.created_at, &a.key)));
    if let Some(key) = &options.key {
        effects.retain(|effect| effect.key == *key);
        if effects.is_empty() {
            return Err(Failure::new(Code::NoSuchEffect, format!("`{key}`")));
        }
    }
    let mut views = Vec::with_capacity(effects.len());
    for effect in &effects {
        let history = store.effect_history(&effect.key)?;
        views.push(EffectView::new(effect, &history));
    }
    Ok(EffectsView { count: views.len(), effects: views })
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
