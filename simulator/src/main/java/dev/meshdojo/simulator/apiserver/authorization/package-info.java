/** Who may do what: RBAC, and the reviews by which clients ask. */
@NullMarked
package dev.meshdojo.simulator.apiserver.authorization;

import org.jspecify.annotations.NullMarked;
