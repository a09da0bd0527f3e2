/**
 * What the bytes of pictures and recordings say of themselves: their type, how large they are, how long they last. Nothing
 * here believes what a caller says about bytes; only headers and structure are read, nothing is ever decoded.
 */
@NullMarked
package io.synapse.gateway.header;

import org.jspecify.annotations.NullMarked;
