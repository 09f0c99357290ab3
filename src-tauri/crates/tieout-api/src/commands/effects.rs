//! Promised side effects: what was sent, what is not known, and what a person may decide.

use tieout_engine::Decision;

use super::decide::{NO_ACTOR, not_blank};
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
    let mut effects = workspace.engine.effects()?;
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
