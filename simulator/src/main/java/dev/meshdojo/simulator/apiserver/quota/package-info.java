/** ResourceQuotas: what objects use, which quotas are about them, and what is too much. */
@NullMarked
package dev.meshdojo.simulator.apiserver.quota;

import org.jspecify.annotations.NullMarked;
