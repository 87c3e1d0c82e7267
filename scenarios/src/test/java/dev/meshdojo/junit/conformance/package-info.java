/** The recorded exchanges of {@code corpus/cases}, run on the in-process mesh. */
@NullMarked
package dev.meshdojo.junit.conformance;

import org.jspecify.annotations.NullMarked;
