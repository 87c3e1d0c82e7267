/** xDS snapshots and where they come from: pushed in process, a bootstrap file, or ADS. */
@NullMarked
package dev.meshdojo.gateway.config;

import org.jspecify.annotations.NullMarked;
