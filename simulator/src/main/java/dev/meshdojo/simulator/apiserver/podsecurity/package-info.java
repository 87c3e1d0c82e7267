/** PodSecurity admission: the controls of the Pod Security Standards, by level and version. */
@NullMarked
package dev.meshdojo.simulator.apiserver.podsecurity;

import org.jspecify.annotations.NullMarked;
