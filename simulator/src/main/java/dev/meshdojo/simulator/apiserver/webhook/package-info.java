/** Admission webhooks: which are called for a request, how, and what their answers do. */
@NullMarked
package dev.meshdojo.simulator.apiserver.webhook;

import org.jspecify.annotations.NullMarked;
