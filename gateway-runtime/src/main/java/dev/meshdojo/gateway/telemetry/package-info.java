/** Access log, stats and traffic events. */
@NullMarked
package dev.meshdojo.gateway.telemetry;

import org.jspecify.annotations.NullMarked;
