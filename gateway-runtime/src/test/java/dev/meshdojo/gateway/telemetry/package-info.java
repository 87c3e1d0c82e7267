@NullMarked
package dev.meshdojo.gateway.telemetry;

import org.jspecify.annotations.NullMarked;
