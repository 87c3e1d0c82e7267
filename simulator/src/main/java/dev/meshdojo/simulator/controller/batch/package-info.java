/** Jobs and CronJobs. */
@NullMarked
package dev.meshdojo.simulator.controller.batch;

import org.jspecify.annotations.NullMarked;
