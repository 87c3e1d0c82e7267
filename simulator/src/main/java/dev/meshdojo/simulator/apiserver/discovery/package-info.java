/** Discovery documents: which groups, versions and resources the API server offers. */
@NullMarked
package dev.meshdojo.simulator.apiserver.discovery;

import org.jspecify.annotations.NullMarked;
