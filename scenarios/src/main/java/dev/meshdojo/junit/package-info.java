/** The JUnit 5 extension: gateway scenarios in anyone's test suite. */
@NullMarked
package dev.meshdojo.junit;

import org.jspecify.annotations.NullMarked;
