package dev.meshdojo.simulator.pilot.gatewayapi;

/**
 * A status condition.
 *
 * @param type what it is about
 * @param status whether it holds
 * @param reason one word for programs
 * @param message a sentence for people
 */
record Condition(String type, boolean status, String reason, String message) {}
