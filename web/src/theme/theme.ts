import { createTheme, Modal, Notification } from '@mantine/core';

/**
 * What Mantine computes in JavaScript. Colours, fonts and sizes are CSS variables in `tokens.css`: the policy lets
 * no style sheet be written at run time, so nothing here may need one.
 */
export const theme = createTheme({
  primaryColor: 'blue',
  cursorType: 'pointer',
  defaultRadius: 'sm',
  respectReducedMotion: true,
  components: {
    // Scroll locking writes a style element.
    Modal: Modal.extend({ defaultProps: { lockScroll: false, centered: true } }),
    // Its cross has no name of its own.
    Notification: Notification.extend({ defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } }),
  },
});
