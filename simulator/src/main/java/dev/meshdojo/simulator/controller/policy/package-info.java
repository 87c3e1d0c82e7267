/** Disruption budgets, autoscalers, quotas and claims. */
@NullMarked
package dev.meshdojo.simulator.controller.policy;

import org.jspecify.annotations.NullMarked;
