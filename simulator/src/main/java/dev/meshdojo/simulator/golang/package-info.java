/**
 * Go's own texts, as istiod prints them: errors of its standard library, quoting, joined errors.
 * Users compare messages with what they find on the web, so ours read the same.
 */
@NullMarked
package dev.meshdojo.simulator.golang;

import org.jspecify.annotations.NullMarked;
