import fc from 'fast-check';
import { fileNameOf } from './file-name.js';

describe('the name of a file', () => {
  it.each([
    ['CV Camille Martin.pdf', 'CV Camille Martin.pdf'],
    ['CV.PDF', 'CV.pdf'],
    ['Curriculum vitæ – été.pdf', 'Curriculum vitæ – été.pdf'],
    ['cv.exe', 'cv.exe.pdf'],
    ['cv.pdf.exe', 'cv.pdf.exe.pdf'],
    ['cv', 'cv.pdf'],
    ['', 'document.pdf'],
    ['.pdf', 'document.pdf'],
    ['...', 'document.pdf'],
    ['../../etc/passwd', 'passwd.pdf'],
    ['C:\\fakepath\\cv.pdf', 'cv.pdf'],
    ['cv\u202Efdp.exe', 'cvfdp.exe.pdf'],
    ['cv\r\nX-Injected: 1.pdf', 'cvX-Injected: 1.pdf'],
    ['e\u0301te\u0301.pdf', 'été.pdf'],
    ['🙂'.repeat(300), `${'🙂'.repeat(120)}.pdf`],
  ])('%p becomes %p', (given, name) => {
    expect(fileNameOf(given, 'application/pdf')).toBe(name);
  });

  it('keeps either ending of a picture', () => {
    expect(fileNameOf('photo.jpeg', 'image/jpeg')).toBe('photo.jpeg');
    expect(fileNameOf('photo.jpg', 'image/jpeg')).toBe('photo.jpg');
    expect(fileNameOf('photo.png', 'image/jpeg')).toBe('photo.png.jpg');
  });

  it('is one visible name with the right ending, whatever is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (given) => {
        const name = fileNameOf(given, 'image/png');
        expect(name).toMatch(/^[^./\\\p{Cc}\p{Cf}][^/\\\p{Cc}\p{Cf}]*\.png$/u);
        expect(fileNameOf(name, 'image/png')).toBe(name);
      }),
    );
  });
});
