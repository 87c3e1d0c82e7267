/** One class per question that Istio's analyzers ask. All are stateless. */
@NullMarked
package dev.meshdojo.simulator.analysis.analyzer;

import org.jspecify.annotations.NullMarked;
