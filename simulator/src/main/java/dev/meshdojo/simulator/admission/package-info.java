/**
 * Istio's validation: pure functions from an object to a verdict. What istiod's validating webhook
 * refuses is refused here in the same words; the schema is checked before, elsewhere.
 */
@NullMarked
package dev.meshdojo.simulator.admission;

import org.jspecify.annotations.NullMarked;
