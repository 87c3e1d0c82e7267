/** The labs as a learner meets them, run from start to end. */
package dev.meshdojo.junit.lab;
